// Two models on the same images, image by image: what differs, and whether it could be chance. Pure; needs no runtime.
import { PairedChanges, TestPrediction } from '@app/contracts/learning';

/**
 * Compares the answers of two models to the same images.
 * @throws RangeError when the images are not the same
 */
export function comparePredictions(first: readonly TestPrediction[], second: readonly TestPrediction[]): PairedChanges {
  const byContent = new Map(second.map((prediction) => [prediction.sha256, prediction]));
  if (byContent.size !== first.length) throw new RangeError('The models were tested on different images.');
  const recalls = new Map<string, { images: number; first: number; second: number }>();
  let [onlyFirstRight, onlySecondRight, differentAnswers, largestScoreDifference] = [0, 0, 0, 0];
  for (const a of first) {
    const b = byContent.get(a.sha256);
    if (b === undefined || b.label !== a.label) throw new RangeError('The models were tested on different images.');
    const [aRight, bRight] = [a.predicted === a.label, b.predicted === b.label];
    if (aRight && !bRight) onlyFirstRight += 1;
    if (bRight && !aRight) onlySecondRight += 1;
    if (a.predicted === b.predicted) {
      largestScoreDifference = Math.max(largestScoreDifference, Math.abs(a.score - b.score));
    } else {
      differentAnswers += 1;
    }
    const recall = recalls.get(a.label) ?? { images: 0, first: 0, second: 0 };
    recall.images += 1;
    recall.first += Number(aRight);
    recall.second += Number(bRight);
    recalls.set(a.label, recall);
  }
  return {
    images: first.length,
    onlyFirstRight,
    onlySecondRight,
    pValue: mcNemarExact(onlyFirstRight, onlySecondRight),
    differentAnswers,
    largestScoreDifference,
    perClass: [...recalls]
      .filter(([, recall]) => recall.first !== recall.second)
      .map(([label, recall]) => ({
        label,
        firstRecall: recall.first / recall.images,
        secondRecall: recall.second / recall.images,
      }))
      .sort((a, b) => Math.abs(b.secondRecall - b.firstRecall) - Math.abs(a.secondRecall - a.firstRecall)),
  };
}

/**
 * Two-sided exact McNemar test (McNemar 1947; Fagerland et al. 2013, eq. 5): the probability of a split at least as uneven of
 * the images that only one of the models names rightly, when each would be as likely to be the one. 1 when there are none.
 */
export function mcNemarExact(onlyFirst: number, onlySecond: number): number {
  const count = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  let logTerm = -count * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= least; k += 1) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((count - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}
