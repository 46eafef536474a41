import { FeatureSet } from '../feature-set';
import { seededRandom } from '../head/seeded-random';

export interface SyntheticOptions {
  readonly classes: number;
  readonly dimension: number;
  readonly perClass: number;
  /** Distance of the class centres from each other, in deviations of the noise. */
  readonly separation: number;
  readonly seed: number;
}

/** Gaussian-like clouds, one per class, around centres that depend on class and dimension alone; rows go through the classes in turn. */
export function syntheticFeatures({ classes, dimension, perClass, separation, seed }: SyntheticOptions): FeatureSet {
  const random = seededRandom(seed);
  const count = classes * perClass;
  const centres = seededRandom(classes * 1000 + dimension);
  const means = Float64Array.from({ length: classes * dimension }, () => (centres() - 0.5) * separation);
  const noise = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const labels = Uint32Array.from({ length: count }, (_, row) => row % classes);
  const features = Float32Array.from({ length: count * dimension }, (_, at) => {
    const label = Math.floor(at / dimension) % classes;
    return (means[label * dimension + (at % dimension)] ?? 0) + noise();
  });
  return { features, dimension, labels };
}
