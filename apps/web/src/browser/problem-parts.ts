// Problems that arise in the browser, in the markup of those that the server tells.
import type { BrowserProblem } from '../pages/browser-texts';
import { copyTemplate, findPart } from './page-parts';

/** For the place above the form, or as a note in a card or below an answer. */
export function problemPart(kind: 'problem' | 'note', { title, detail }: BrowserProblem): HTMLElement {
  const part = copyTemplate(kind);
  if (kind === 'note') part.setAttribute('aria-label', title);
  findPart(part, 'problem-title').textContent = title;
  findPart(part, 'problem-detail').textContent = detail;
  return part;
}
