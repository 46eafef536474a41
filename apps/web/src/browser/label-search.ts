// Narrows the list of labels to what is typed above it. The list stays a plain select, which every browser makes
// accessible; options are taken out, because not all browsers can hide them.
import type { BrowserTexts } from '../pages/browser-texts';
import { fill } from './fill';
import { find, findPart } from './page-parts';

/** A list that can be seen at once needs no search. */
const FEW_OPTIONS = 12;

export function enhanceLabelSearch(root: ParentNode, texts: BrowserTexts): void {
  const select = root.querySelector('select');
  if (!select || select.options.length <= FEW_OPTIONS) return;
  const search = findPart(root, 'label-search');
  const field = find(search, 'input', HTMLInputElement);
  const matches = findPart(search, 'matches');
  const all = [...select.querySelectorAll('optgroup')].flatMap((group) =>
    [...group.querySelectorAll('option')].map((option) => ({ option, group })),
  );
  search.hidden = false;
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault(); // it would send the form
  });
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    const found = all.filter(({ option }) => option.text.toLocaleLowerCase().includes(wanted));
    for (const { option } of all) option.remove();
    for (const { option, group } of found) group.append(option);
    select.value = wanted === '' ? '' : (found[0]?.option.value ?? 'other');
    matches.textContent = wanted === '' ? '' : fill(texts.matches, { count: found.length });
  });
}
