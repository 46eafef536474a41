// The table of all photos, and the file that the browser makes of it.
import type { BrowserTexts } from '../pages/browser-texts';
import { toCsv } from './csv';
import { copyTemplate, find, findButton, findPart } from './page-parts';
import { isUnderWay } from './photo-state';
import { Photo, Photos } from './photos';

/** What the file says of an answer; part of what the API gives. */
interface AnswerJson {
  readonly id: string;
  readonly decision: string;
  readonly label: string | null;
  readonly score: number;
  readonly predictions: readonly { readonly name: string }[];
  readonly model: { readonly name: string; readonly version: string };
}

/** Rows are there as soon as photos are sent, so that answers move nothing. */
export function showComparison(root: ParentNode, photos: Photos, texts: BrowserTexts): void {
  const section = findPart(root, 'comparison');
  const body = findPart(section, 'rows');
  const download = findButton(section, 'csv');
  const rows = new Map<Photo, HTMLElement>();

  const show = () => {
    for (const photo of photos.all) fillRow(rows.get(photo) ?? addRow(photo), photo);
    const isUsed = photos.all.some(({ state }) => state.kind !== 'ready');
    section.hidden = !isUsed || photos.all.length < 2;
    download.disabled = photos.all.every(({ answer }) => answer === undefined);
  };
  const addRow = (photo: Photo): HTMLElement => {
    const row = copyTemplate('row');
    const link = find(row, 'a', HTMLAnchorElement);
    link.href = `#photo-${photo.id}`;
    link.textContent = photo.name;
    rows.set(photo, row);
    body.append(row);
    return row;
  };
  photos.listen({
    added: show,
    changed: (photo, before) => {
      if (photo.state.kind !== before.kind) show();
    },
    removed: (photo) => {
      rows.get(photo)?.remove();
      rows.delete(photo);
      show();
    },
  });
  download.addEventListener('click', () => save(toCsv([texts.csvColumns, ...photos.all.map(csvRow)])));
}

function fillRow(row: HTMLElement, { state, answer, problem }: Photo): void {
  const pending = isUnderWay(state) ? '…' : '';
  findPart(row, 'answer').textContent = answer?.answer ?? problem ?? pending;
  findPart(row, 'certainty').textContent = answer?.certainty ?? (problem === undefined ? pending : '–');
}

function csvRow({ name, answer, problem = '' }: Photo): readonly string[] {
  if (answer === undefined) return [name, problem, '', '', '', '', '', ''];
  const { id, decision, label, score, predictions, model } = JSON.parse(answer.json) as AnswerJson; // the server wrote it
  const isNamed = label !== null;
  return [
    name,
    decision,
    label ?? '',
    isNamed ? (predictions[0]?.name ?? '') : '',
    isNamed ? String(score) : '',
    model.name,
    model.version,
    id,
  ];
}

function save(csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'answers.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser reads it after the click
}
