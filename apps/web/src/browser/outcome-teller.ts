// Tells what has become of the photos to those who do not see it: the live region, the title of the tab, and the focus
// on the first outcome of what was just sent - unless the person has gone elsewhere meanwhile.
import type { BrowserTexts } from '../pages/browser-texts';
import { fill } from './fill';
import { PhotoCard } from './photo-card';
import { isUnderWay, PhotoState } from './photo-state';
import { Photo, Photos } from './photos';

export class OutcomeTeller {
  private readonly initialTitle = document.title;
  private awaitsFirst = false;

  constructor(
    private readonly photos: Photos,
    private readonly texts: BrowserTexts,
    private readonly announce: (text: string) => void,
  ) {}

  /** The person has sent something. */
  expectFirst(): void {
    this.awaitsFirst = true;
    document.title = this.initialTitle;
  }

  changed(card: PhotoCard, before: PhotoState): void {
    const { state } = card.photo;
    if (state.kind === before.kind) return;
    if (state.kind === 'answered' || state.kind === 'failed') this.tellOutcome(card);
    else if (state.kind === 'ready' && state.wasCancelled === true) this.announce(this.texts.cancelled);
    else if (state.kind === 'offline') this.announce(this.texts.offline);
    else if (state.kind === 'pausing') this.announce(fill(this.texts.pausing, { seconds: state.secondsLeft }));
    else if (state.kind === 'looking' && this.photos.all.length === 1) this.announce(this.texts.looking);
  }

  private tellOutcome(card: PhotoCard): void {
    const { photo } = card;
    const isFirst = this.awaitsFirst;
    this.awaitsFirst = false;
    const isFocused = isFirst && isFocusFree(card.element);
    if (isFocused) card.focusOutcome();
    const sent = this.photos.all.filter(({ state }) => state.kind !== 'ready');
    const done = sent.filter(({ state }) => !isUnderWay(state)).length;
    const progress = sent.length < 2 ? '' : fill(this.texts.progress, { done, count: sent.length });
    const answer = fill(this.texts.answered, {
      name: photo.name,
      answer: photo.answer?.heading ?? photo.problem ?? '',
    });
    this.announce(isFocused ? progress : `${progress} ${answer}`.trim());
    document.title = this.titleFor(photo, progress);
  }

  private titleFor({ answer, problem }: Photo, progress: string): string {
    if (progress !== '') return fill(this.texts.resultTitle, { title: progress });
    return answer === undefined
      ? fill(this.texts.problemTitle, { title: problem ?? '' })
      : fill(this.texts.resultTitle, { title: answer.heading });
  }
}

/** Whether nobody is disturbed when the focus goes to the card. */
function isFocusFree(card: HTMLElement): boolean {
  const focused = document.activeElement;
  if (!focused || focused === document.body || card.contains(focused)) return true;
  return focused.matches('button[type=submit]') && focused.closest('[data-part=photo]') === null;
}
