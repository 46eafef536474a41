// What this browser remembers of earlier answers: nothing, unless the person switches it on.
import type { BrowserTexts } from '../pages/browser-texts';
import { HistoryEntry, HistoryStore } from './history-store';
import { copyTemplate, find, findButton, findPart, setHidden } from './page-parts';
import { Photo, Photos } from './photos';
import { makeThumbnail } from './thumbnail';

const SWITCH = 'keep-answers';

export function enhanceHistory(photos: Photos, texts: BrowserTexts, announce: (text: string) => void): void {
  const section = findPart(document, 'history');
  const keep = find(section, '[data-part=keep-history]', HTMLInputElement);
  const list = findPart(section, 'history-list');
  const clear = findButton(section, 'clear-history');
  const store = new HistoryStore();
  const kept = new Set<Photo>();

  const show = async () => {
    const entries = await store.list();
    list.replaceChildren(...entries.map(entryPart));
    list.hidden = entries.length === 0;
    setHidden(clear, entries.length === 0, keep);
  };
  /** One after the other, so that the order is that of the answers. */
  let last = Promise.resolve();
  const then = (act: () => Promise<void>) => {
    last = last.then(act).then(show).catch(refuse);
  };
  /** The browser keeps nothing here, as in some private windows. */
  const refuse = () => {
    section.hidden = true;
  };
  const remember = (photo: Photo) => {
    if (!keep.checked || photo.state.kind !== 'answered' || kept.has(photo)) return;
    kept.add(photo);
    then(async () => store.add(await entryOf(photo)));
  };
  const forget = () => {
    then(() => store.clear());
    announce(texts.cleared);
  };

  keep.addEventListener('change', () => {
    setSwitch(keep.checked);
    kept.clear();
    if (keep.checked) photos.all.forEach(remember);
    else forget();
  });
  clear.addEventListener('click', forget);
  photos.listen({ changed: remember });
  keep.checked = isSwitchedOn();
  if (keep.checked) then(() => Promise.resolve());
}

async function entryOf({ answer, decoded, file }: Photo): Promise<HistoryEntry> {
  const at = Date.now();
  const picture = await decoded;
  const thumbnail = picture ? await makeThumbnail(picture.smaller?.blob ?? file) : '';
  return { at, heading: answer?.heading ?? '', thumbnail };
}

function entryPart({ at, heading, thumbnail }: HistoryEntry): Element {
  const part = copyTemplate('history-entry');
  const picture = find(part, 'img', HTMLImageElement);
  if (thumbnail !== '') picture.src = thumbnail;
  findPart(part, 'answer').textContent = heading;
  const options = { dateStyle: 'medium', timeStyle: 'short' } as const;
  findPart(part, 'when').textContent = new Date(at).toLocaleString(document.documentElement.lang, options);
  return part;
}

/** Browsers may forbid it; then it is off. */
function isSwitchedOn(): boolean {
  try {
    return localStorage.getItem(SWITCH) === 'yes';
  } catch {
    return false;
  }
}

function setSwitch(isOn: boolean): void {
  try {
    if (isOn) localStorage.setItem(SWITCH, 'yes');
    else localStorage.removeItem(SWITCH);
  } catch {
    // it is for this visit only, then
  }
}
