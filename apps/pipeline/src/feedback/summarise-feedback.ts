// What feedback amounts to, and what in it is doubtful. Keeps to what the records tell; they do not tell who gave it. Pure.
import { FeedbackItem, givenLabel, isOpen } from './feedback-item';

/** As often as that the same photo is hardly sent by different people. */
export const MANY_OF_ONE_PHOTO = 5;
/** More than people give in a minute, unless the service is a large one. */
export const BURST = { feedback: 20, withinMs: 60_000 } as const;

export type Suspicion = 'many-of-one-photo' | 'burst' | 'contradicts-itself';

/** Each rule in words; the README and the command say the same. */
export const SUSPICION_RULES: Readonly<Record<Suspicion, string>> = {
  'many-of-one-photo': `${MANY_OF_ONE_PHOTO} or more to the same photo`,
  burst: `${BURST.feedback} or more within ${BURST.withinMs / 1000} seconds`,
  'contradicts-itself': 'says that the answer was wrong, and gives the very label of the answer',
};

export interface FeedbackSummary {
  readonly feedback: number;
  readonly right: number;
  readonly wrong: number;
  readonly withPhoto: number;
  /** ISO 8601; null when there is none. */
  readonly since: string | null;
  readonly until: string | null;
  /** Of those with a photo: only they can be learned from. */
  readonly reviews: { readonly open: number; readonly accepted: number; readonly rejected: number };
  /** What was said, and what it is; the most frequent first. Null: the model did not know, or the person did not say. */
  readonly corrections: readonly Correction[];
  readonly disagreements: readonly Disagreement[];
  readonly suspicious: readonly { readonly suspicion: Suspicion; readonly ids: readonly string[] }[];
}

export interface Correction {
  readonly said: string | null;
  readonly given: string | null;
  readonly count: number;
}

/** The same photo, by its hash, with different labels. */
export interface Disagreement {
  readonly image: string;
  readonly labels: Readonly<Record<string, number>>;
  readonly ids: readonly string[];
}

/** `items` in the order in which they came. */
export function summariseFeedback(items: readonly FeedbackItem[]): FeedbackSummary {
  const wrong = items.filter(({ record }) => !record.right);
  const withPhoto = items.filter(({ photo }) => photo !== undefined);
  const decided = (decision: string) => withPhoto.filter(({ review }) => review?.decision === decision).length;
  return {
    feedback: items.length,
    right: items.length - wrong.length,
    wrong: wrong.length,
    withPhoto: withPhoto.length,
    since: items[0]?.record.at ?? null,
    until: items.at(-1)?.record.at ?? null,
    reviews: {
      open: withPhoto.filter(isOpen).length,
      accepted: decided('accepted'),
      rejected: decided('rejected'),
    },
    corrections: correctionsOf(wrong),
    disagreements: disagreementsOf(items),
    suspicious: (Object.keys(SUSPICION_RULES) as Suspicion[]) // the keys of its type
      .map((suspicion) => ({ suspicion, ids: SUSPECTS[suspicion](items).map(({ record }) => record.id) }))
      .filter(({ ids }) => ids.length > 0),
  };
}

/** What is doubtful about each feedback, by its id. */
export function suspicionsById({ suspicious }: FeedbackSummary): ReadonlyMap<string, readonly Suspicion[]> {
  const byId = new Map<string, Suspicion[]>();
  for (const { suspicion, ids } of suspicious) {
    for (const id of ids) byId.set(id, [...(byId.get(id) ?? []), suspicion]);
  }
  return byId;
}

const SUSPECTS: Readonly<Record<Suspicion, (items: readonly FeedbackItem[]) => readonly FeedbackItem[]>> = {
  'many-of-one-photo': (items) =>
    [...byImage(items).values()].filter((group) => group.length >= MANY_OF_ONE_PHOTO).flat(),
  burst: (items) => {
    const times = items.map(({ record }) => Date.parse(record.at));
    const suspects = new Set<FeedbackItem>();
    for (let first = 0; first + BURST.feedback <= items.length; first += 1) {
      const last = first + BURST.feedback - 1;
      if ((times[last] ?? 0) - (times[first] ?? 0) > BURST.withinMs) continue;
      for (const item of items.slice(first, last + 1)) suspects.add(item);
    }
    return [...suspects];
  },
  'contradicts-itself': (items) =>
    items.filter(({ record: { right, said, label } }) => !right && label !== null && label === said),
};

function correctionsOf(wrong: readonly FeedbackItem[]): Correction[] {
  const counts = new Map<string, Correction>();
  for (const { record } of wrong) {
    const key = JSON.stringify([record.said, record.label]);
    counts.set(key, { said: record.said, given: record.label, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function disagreementsOf(items: readonly FeedbackItem[]): Disagreement[] {
  return [...byImage(items)].flatMap(([image, group]) => {
    const counts = new Map<string, number>();
    for (const { record } of group) {
      const label = givenLabel(record);
      if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    if (counts.size < 2) return [];
    return [{ image, labels: Object.fromEntries(counts), ids: group.map(({ record }) => record.id) }];
  });
}

function byImage(items: readonly FeedbackItem[]): Map<string, FeedbackItem[]> {
  const groups = new Map<string, FeedbackItem[]>();
  for (const item of items) {
    const { image } = item.record;
    if (image !== null) groups.set(image, [...(groups.get(image) ?? []), item]);
  }
  return groups;
}
