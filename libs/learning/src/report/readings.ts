// What figures of a report come to. Pure; the words for it are elsewhere.
import { PairedChanges, PARITY_LIMITS, ParityFigures, QualityFigures } from '@app/contracts/learning';

/** The usual line of 5 %: above it, two models as good as each other would differ so often enough. */
export function isChance({ pValue }: PairedChanges): boolean {
  return pValue >= 0.05;
}

export function keepsParity({ agreement, largestDifference }: ParityFigures): boolean {
  return agreement >= PARITY_LIMITS.agreement && largestDifference <= PARITY_LIMITS.largestDifference;
}

export function rightImages({ confusion }: QualityFigures): number {
  return confusion.reduce((right, row, index) => right + (row[index] ?? 0), 0);
}

export interface ConfusedPair {
  /** Class numbers. */
  readonly actual: number;
  readonly predicted: number;
  readonly images: number;
  /** Of the images of the actual class. */
  readonly share: number;
}

/** Every kind of mistake that was made, the most frequent first. */
export function confusedPairs({ confusion }: QualityFigures): ConfusedPair[] {
  return confusion
    .flatMap((row, actual) => {
      const total = row.reduce((sum, images) => sum + images, 0);
      return row.map((images, predicted) => ({ actual, predicted, images, share: images / total }));
    })
    .filter(({ actual, predicted, images }) => actual !== predicted && images > 0)
    .sort((a, b) => b.images - a.images || b.share - a.share);
}
