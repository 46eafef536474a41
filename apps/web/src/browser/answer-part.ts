// What the server answers for one photo, placed into its card and brought to life.
import type { BrowserTexts } from '../pages/browser-texts';
import { enhanceFeedback } from './feedback';
import { find, findButton, findPart } from './page-parts';
import { PhotoCard } from './photo-card';
import { Photo, PhotoAnswer } from './photos';
import { problemPart } from './problem-parts';

interface AnswerContext {
  readonly texts: BrowserTexts;
  readonly announce: (text: string) => void;
}

/** Takes only what this page's own server answers; a proxy's error page is none of it. */
export function placeReply(html: string, card: PhotoCard, context: AnswerContext): 'answer' | 'problem' {
  const { photo } = card;
  const part = new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('[data-part]');
  if (part?.matches('[data-part=result]')) {
    photo.answer = readAnswer(part);
    photo.problem = undefined;
    card.place(part);
    enliven(part, card, context);
    return 'answer';
  }
  placeProblem(card, part?.matches('[data-part=problem]') ? part : problemPart('note', context.texts.unexpected));
  return 'problem';
}

export function placeProblem(card: PhotoCard, part: Element): void {
  card.photo.answer = undefined;
  card.photo.problem = findPart(part, 'problem-title').textContent;
  card.place(part);
}

function readAnswer(result: HTMLElement): PhotoAnswer {
  const { href } = find(result, '[data-part=json]', HTMLAnchorElement);
  return {
    heading: find(result, '.result-heading', HTMLElement).textContent,
    answer: result.dataset['answer'] ?? '',
    certainty: result.dataset['certainty'] ?? '',
    json: decodeURIComponent(href.slice(href.indexOf(',') + 1)),
  };
}

function enliven(result: Element, card: PhotoCard, { texts, announce }: AnswerContext): void {
  const words = result.querySelector('details[data-part=looked]');
  const map = result.querySelector('[data-part=heatmap]');
  if (words instanceof HTMLDetailsElement && map) card.cover(map, words);

  const copy = findButton(result, 'copy-json');
  copy.hidden = !isClipboardThere();
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(card.photo.answer?.json ?? '').then(
      () => announce(texts.copied),
      () => undefined,
    );
  });

  const feedback = result.querySelector('[data-slot=feedback]');
  if (feedback) enhanceFeedback(feedback, { photo: () => sentFile(card.photo), texts });
}

/** Browsers hide it from pages that came over plain HTTP. */
function isClipboardThere(): boolean {
  return 'clipboard' in navigator;
}

/** Feedback takes the very bytes that were classified. */
function sentFile({ sent, file, name }: Photo): File {
  return new File([sent ?? file], name, { type: (sent ?? file).type });
}
