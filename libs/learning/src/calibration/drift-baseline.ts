import { DriftBaseline, ImageProperty, SKETCH_DIMENSIONS, SketchBaseline } from '@app/contracts/sagemaker';
import { FeatureSet } from '../feature-set';
import { IMAGE_PROPERTIES, ImageProperties } from '../image-properties';
import { quantile, TopPredictions } from '../metrics';
import { featureSketch } from '../sketch';

const SCORE_BINS = 10;
/** What float32 features are worth; keeps `model.json` small. */
const DIGITS = 5;

export interface BaselineFacts {
  readonly validation: Pick<FeatureSet, 'features' | 'dimension'>;
  readonly top: TopPredictions;
  /** Empty when the model has no such score. */
  readonly outOfSet: Float32Array;
  /** Ids, in the order of the class numbers. */
  readonly labels: readonly string[];
  /** Of the validation images, where they are known. */
  readonly properties?: ImageProperties;
}

/** What later traffic is compared with. */
export function driftBaseline({ validation, top, outOfSet, labels, properties }: BaselineFacts): DriftBaseline {
  const { features, dimension } = validation;
  const { predicted, confidence } = top;
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
  return {
    images,
    featureMean: Array.from(mean, short),
    featureVariance: Array.from(variance, short),
    labelShares: Object.fromEntries(labels.map((label, index) => [label, shareOf(labelCounts[index] ?? 0)])),
    scoreHistogram: bins.map(shareOf),
    ...(outOfSet.length === 0 ? {} : { outOfSetDeciles: decilesOf(outOfSet) }),
    sketch: sketchBaseline(validation),
    ...(properties === undefined ? {} : { imageDeciles: imageDeciles(properties) }),
  };
}

function sketchBaseline({ features, dimension }: BaselineFacts['validation']): SketchBaseline {
  const images = features.length / dimension;
  const sketches = Array.from({ length: images }, (_, row) =>
    featureSketch(features.subarray(row * dimension, (row + 1) * dimension)),
  );
  const numbers = Array.from({ length: SKETCH_DIMENSIONS }, (_, at) => at);
  const mean = numbers.map((at) => sketches.reduce((sum, sketch) => sum + (sketch[at] ?? 0), 0) / images);
  const centred = sketches.map((sketch) => sketch.map((value, at) => value - (mean[at] ?? 0)));
  const covariance = numbers.flatMap((row) =>
    numbers.map((column) => centred.reduce((sum, at) => sum + (at[row] ?? 0) * (at[column] ?? 0), 0) / images),
  );
  return { mean: mean.map(short), covariance: covariance.map(short) };
}

function imageDeciles(properties: ImageProperties): Record<ImageProperty, number[]> {
  const deciles = Object.fromEntries(IMAGE_PROPERTIES.map((name) => [name, decilesOf(properties[name])]));
  return deciles as Record<ImageProperty, number[]>; // fromEntries forgets the names
}

function decilesOf(values: Float32Array): number[] {
  return Array.from({ length: 9 }, (_, tenth) => short(quantile(values, (tenth + 1) / 10)));
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
