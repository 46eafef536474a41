// Where the features of the training images lie: for telling what is unlike them, and for noticing drift.
import { Prototypes } from '@app/onnx';
import { FeatureSet } from '../feature-set';

/** Share of the mean variance that each feature has at least: one that hardly varies must not decide alone. */
const LEAST_VARIANCE_SHARE = 1e-3;

/**
 * Mean of each class and the variance of each feature around them (Lee et al. 2018, arXiv 1807.03888, with a diagonal
 * covariance). Of the scores compared on photos (docs/learning.md) this was as good as the full covariance, which needs
 * dimension^2 numbers and more images than features. A class without images gets the mean of all.
 */
export function classPrototypes({ features, labels, dimension }: FeatureSet, classes: number): Prototypes {
  const sums = new Float64Array(classes * dimension);
  const total = new Float64Array(dimension);
  const counts = new Float64Array(classes);
  labels.forEach((label, row) => {
    counts[label] = (counts[label] ?? 0) + 1;
    for (let at = 0; at < dimension; at += 1) {
      const value = features[row * dimension + at] ?? 0;
      sums[label * dimension + at] = (sums[label * dimension + at] ?? 0) + value;
      total[at] = (total[at] ?? 0) + value;
    }
  });
  const means = sums.map((sum, at) => {
    const count = counts[Math.floor(at / dimension)] ?? 0;
    return count > 0 ? sum / count : (total[at % dimension] ?? 0) / labels.length;
  });
  const variance = new Float64Array(dimension);
  labels.forEach((label, row) => {
    for (let at = 0; at < dimension; at += 1) {
      const distance = (features[row * dimension + at] ?? 0) - (means[label * dimension + at] ?? 0);
      variance[at] = (variance[at] ?? 0) + (distance * distance) / labels.length;
    }
  });
  const least = (LEAST_VARIANCE_SHARE * variance.reduce((sum, value) => sum + value, 0)) / dimension;
  const floor = least > 0 ? least : 1;
  return {
    means: Float32Array.from(means),
    variance: Float32Array.from(variance, (value) => Math.max(value, floor)),
  };
}
