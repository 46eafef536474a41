// Sends the forms of the feedback part in place, with the photo that was answered. The server writes all markup.
// Unlike a classification, feedback is never sent again by itself: it is kept.
import type { BrowserTexts } from '../pages/browser-texts';
import { enhanceLabelSearch } from './label-search';
import { problemPart } from './problem-parts';

interface FeedbackContext {
  /** The photo that the answer is about, as it was sent. */
  readonly photo: () => File;
  readonly texts: BrowserTexts;
}

export function enhanceFeedback(slot: Element, { photo, texts }: FeedbackContext): void {
  slot.querySelector('[data-part=photo-again]')?.remove();
  enhanceLabelSearch(slot, texts);
  let isSending = false;

  slot.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!isSending) void send(event.target as HTMLFormElement); // only forms are submitted
  });

  async function send(form: HTMLFormElement): Promise<void> {
    isSending = true;
    slot.querySelector('[data-part=problem]')?.remove();
    const fields = new FormData(form);
    if (fields.has('consent')) fields.set('image', photo());
    const part = await post(form.action, fields);
    isSending = false;
    if (part?.matches('[data-part=note]')) slot.replaceChildren(part);
    else slot.prepend(part ?? problemPart('note', texts.feedbackLost));
    slot.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
  }
}

/** The part of the page that the server answers; nothing when it is out of reach, or somebody else answers. */
async function post(url: string, body: FormData): Promise<Element | undefined> {
  try {
    const response = await fetch(`${url}?part=result`, { method: 'POST', body, headers: { accept: 'text/html' } });
    const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
    return answer.querySelector('[data-part=note], [data-part=problem]') ?? undefined;
  } catch {
    return undefined;
  }
}
