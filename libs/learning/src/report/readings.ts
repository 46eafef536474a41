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
