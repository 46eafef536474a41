// From images to the rows that a head learns from and is judged by.
import { DatasetImage, DatasetSplit, ExtractedFeatures, FeatureSet } from '@app/learning';

export type View = 'identity' | 'flip';

export interface TrainingFeatures {
  /** First the images as they are, then their other views. */
  readonly training: FeatureSet;
  /** For each row of `training` the number of its image. */
  readonly groups: Uint32Array;
  /** The images as they are. */
  readonly validation: FeatureSet;
}

/** Shares out what was extracted of both parts at once; images that could not be decoded are in neither. */
export function trainingFeatures(
  { views, images }: ExtractedFeatures<View>,
  split: Pick<DatasetSplit, 'train' | 'validation'>,
): TrainingFeatures {
  const row = new Map(images.map(({ sha256 }, at) => [sha256, at]));
  const rowsOf = (part: readonly DatasetImage[]) => part.flatMap(({ sha256 }) => row.get(sha256) ?? []);
  const training = rowsOf(split.train);
  const shown = Object.values(views);
  return {
    training: rowsFrom(shown, training),
    groups: Uint32Array.from({ length: training.length * shown.length }, (_, at) => at % training.length),
    validation: rowsFrom([views.identity], rowsOf(split.validation)),
  };
}

/** The same rows of each set, one set after another. */
function rowsFrom(sets: readonly FeatureSet[], rows: readonly number[]): FeatureSet {
  const dimension = sets[0]?.dimension ?? 0;
  const features = new Float32Array(sets.length * rows.length * dimension);
  const labels = new Uint32Array(sets.length * rows.length);
  sets.forEach((set, index) =>
    rows.forEach((row, at) => {
      const to = index * rows.length + at;
      features.set(set.features.subarray(row * dimension, (row + 1) * dimension), to * dimension);
      labels[to] = set.labels[row] ?? 0;
    }),
  );
  return { features, dimension, labels };
}
