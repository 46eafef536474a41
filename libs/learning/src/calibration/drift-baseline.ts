import { DriftBaseline } from '@app/contracts/sagemaker';
import { FeatureSet } from '../feature-set';
import { quantile, TopPredictions } from '../metrics';

const SCORE_BINS = 10;
/** What float32 features are worth; keeps `model.json` small. */
const DIGITS = 5;

/** What later traffic is compared with. `outOfSet` is empty when the model has no such score. */
export function driftBaseline(
  { features, dimension }: Pick<FeatureSet, 'features' | 'dimension'>,
  { predicted, confidence }: TopPredictions,
  outOfSet: Float32Array,
  labels: readonly string[],
): DriftBaseline {
  const images = predicted.length;
  const mean = new Float64Array(dimension);
  features.forEach((value, at) => (mean[at % dimension] = (mean[at % dimension] ?? 0) + value / images));
  const variance = new Float64Array(dimension);
  features.forEach((value, at) => {
    const distance = value - (mean[at % dimension] ?? 0);
    variance[at % dimension] = (variance[at % dimension] ?? 0) + (distance * distance) / images;
  });
  const shareOf = (count: number) => short(count / images);
  const labelCounts = labels.map((_, index) => predicted.filter((label) => label === index).length);
  const bins = new Array<number>(SCORE_BINS).fill(0);
  for (const score of confidence) {
    const bin = Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const deciles = Array.from({ length: 9 }, (_, tenth) => short(quantile(outOfSet, (tenth + 1) / 10)));
  return {
    images,
    featureMean: Array.from(mean, short),
    featureVariance: Array.from(variance, short),
    labelShares: Object.fromEntries(labels.map((label, index) => [label, shareOf(labelCounts[index] ?? 0)])),
    scoreHistogram: bins.map(shareOf),
    ...(outOfSet.length === 0 ? {} : { outOfSetDeciles: deciles }),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
