import { seededRandom } from '../../../apps/monitor/test/support/synthetic-traffic';

/** The same items in an order that the seed decides. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** One item after the other in the order of a seed, and from the beginning, in another order, when all have been given. */
export function* dealt<T>(items: readonly T[], seed: number): Generator<T, never> {
  for (let round = 0; ; round += 1) yield* shuffled(items, seed + 1_000_003 * round);
}
