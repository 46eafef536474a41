// Sends one photo and tells how far it is. It knows nothing of the page.
import { Outcome, parseRetryAfter } from './retry-rule';

export interface Sending {
  readonly outcome: Promise<Outcome>;
  cancel(): void;
}

export interface SendListeners {
  /** Share of the photo that was sent, 0 to 1. */
  onProgress(share: number): void;
  /** All of it was sent; the answer is awaited. */
  onSent(): void;
}

/** Posts a form with a photo in it. An XMLHttpRequest, because `fetch` cannot tell how much was sent. */
export function sendPhoto(url: string, form: FormData, listeners: SendListeners): Sending {
  const request = new XMLHttpRequest();
  const outcome = new Promise<Outcome>((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) => listeners.onProgress(loaded / total));
    request.upload.addEventListener('load', () => listeners.onSent());
    request.addEventListener('load', () => {
      const retryAfterSeconds = parseRetryAfter(request.getResponseHeader('retry-after'));
      resolve({ kind: 'replied', status: request.status, html: request.responseText, retryAfterSeconds });
    });
    request.addEventListener('error', () => resolve({ kind: 'unreachable' }));
    request.addEventListener('abort', () => resolve({ kind: 'cancelled' }));
  });
  request.open('POST', url);
  request.setRequestHeader('accept', 'text/html');
  request.send(form);
  return { outcome, cancel: () => request.abort() };
}
