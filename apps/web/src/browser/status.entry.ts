// Keeps the status page up to date in place: asks the server for its parts and replaces those that have changed.
// The server writes every text and every piece of markup; without this script the page is as it was when it came.

const REFRESH_MS = 10_000;

const stale = document.querySelector<HTMLElement>('[data-part=stale]');
let timer: ReturnType<typeof setTimeout> | undefined;
let isAsking = false;

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  if (!document.hidden) void refresh();
});
if (!document.hidden) timer = setTimeout(() => void refresh(), REFRESH_MS);

async function refresh(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  const isFresh = await load().then(show, () => false);
  isAsking = false;
  const text = isFresh ? '' : (stale?.dataset['text'] ?? '');
  if (stale && stale.textContent !== text) stale.textContent = text;
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(() => void refresh(), REFRESH_MS);
}

async function load(): Promise<Document> {
  const url = new URL(location.href);
  url.searchParams.set('part', 'live');
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  if (!response.ok) throw new Error(`the status page answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** Whether the answer was this page's; a proxy's own page is none of it. */
function show(fresh: Document): boolean {
  const pieces = [...fresh.querySelectorAll('[data-live]')];
  for (const piece of pieces) {
    const shown = document.getElementById(piece.id);
    if (shown && !isSame(shown, piece)) replace(shown, piece);
  }
  return pieces.length > 0;
}

/** Tables that were opened are no change. */
function isSame(shown: Element, fresh: Element): boolean {
  keepOpen(shown, fresh);
  return shown.innerHTML === fresh.innerHTML;
}

function replace(shown: Element, fresh: Element): void {
  const focused = shown.contains(document.activeElement) ? pathTo(shown, document.activeElement) : undefined;
  shown.replaceChildren(...fresh.childNodes);
  if (focused !== undefined) shown.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
}

function keepOpen(shown: Element, fresh: Element): void {
  for (const { id } of shown.querySelectorAll('details[open]')) {
    fresh.querySelector(`#${id}`)?.setAttribute('open', '');
  }
}

/** What can have the focus within the parts: the summary of a table, or the table. */
function pathTo(within: Element, focused: Element | null): string | undefined {
  const details = focused?.closest('details');
  if (!focused || !details || !within.contains(details)) return undefined;
  return focused.matches('summary') ? `#${details.id} summary` : `#${details.id} [tabindex]`;
}
