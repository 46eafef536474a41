// Long lists of names by their first letter, as an index has them. Pure; knows no page.
import { Language } from '@app/contracts';
import { LabelResponse } from '@app/contracts/classification';

export interface LabelGroup {
  /** `A`, `ㄱ`, or `#` for what begins with no letter. */
  readonly initial: string;
  readonly labels: readonly LabelResponse[];
}

/** Sorted as the language sorts; groups in that order too. */
export function groupLabels(labels: readonly LabelResponse[], language: Language): LabelGroup[] {
  const groups = new Map<string, LabelResponse[]>();
  for (const label of sortLabels(labels, language)) {
    const initial = initialOf(label.name);
    const group = groups.get(initial);
    if (group === undefined) groups.set(initial, [label]);
    else group.push(label);
  }
  return Array.from(groups, ([initial, labels]) => ({ initial, labels }));
}

export function sortLabels(labels: readonly LabelResponse[], language: Language): LabelResponse[] {
  return labels.toSorted((a, b) => a.name.localeCompare(b.name, language));
}

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const SYLLABLES_PER_INITIAL = 588;

/** Of the 19 initial consonants in Unicode's order, those of dictionaries: doubled ones stand with the single one. */
const CONSONANTS = 'ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ';

function initialOf(name: string): string {
  const code = name.codePointAt(0) ?? 0;
  if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) {
    return CONSONANTS.charAt(Math.floor((code - FIRST_SYLLABLE) / SYLLABLES_PER_INITIAL));
  }
  const [first = ''] = name.normalize('NFD'); // without its accents
  return /\p{L}/u.test(first) ? first.toUpperCase() : '#';
}
