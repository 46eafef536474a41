import { ConfusionMatrix } from './classification-metrics';

/** Images of one class that were called another. */
export interface ConfusedClasses {
  /** Class numbers. */
  readonly actual: number;
  readonly predicted: number;
  readonly images: number;
  /** Of the images of the actual class. */
  readonly share: number;
}

/** Every kind of mistake that was made, the most frequent first. */
export function confusedPairs(confusion: ConfusionMatrix): ConfusedClasses[] {
  return confusion
    .flatMap((row, actual) => {
      const total = row.reduce((sum, images) => sum + images, 0);
      return row.map((images, predicted) => ({ actual, predicted, images, share: images / total }));
    })
    .filter(({ actual, predicted, images }) => actual !== predicted && images > 0)
    .sort((a, b) => b.images - a.images || b.share - a.share);
}
