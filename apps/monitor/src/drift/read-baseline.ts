import { SKETCH_DIMENSIONS } from '@app/contracts/monitoring';
import { ImageProperty } from '@app/contracts/sagemaker';
import { ComparedBaseline } from './baseline-source';
import { SCORE_TENTHS } from './score-tenths';

const MAX_LABELS = 10_000;
const DECILES = 9;
const PROPERTIES: readonly ImageProperty[] = ['brightness', 'contrast', 'sharpness', 'megapixels'];

export class BaselineError extends Error {
  constructor(fault: string) {
    super(`the baseline is wrong: ${fault}`);
    this.name = 'BaselineError';
  }
}

/** Takes from a model package's baseline what is compared; throws a `BaselineError` for numbers that nothing can be compared with. */
export function readBaseline(value: unknown): ComparedBaseline {
  const { images, labelShares, scoreHistogram, outOfSetDeciles, sketch, imageDeciles } = object('baseline', value);
  if (typeof images !== 'number' || !Number.isInteger(images) || images < 1)
    fail('images must be a whole number above 0');
  const labels = Object.entries(object('labelShares', labelShares));
  if (labels.length > MAX_LABELS) fail(`labelShares has more than ${MAX_LABELS} labels`);
  const properties = imageDeciles === undefined ? undefined : object('imageDeciles', imageDeciles);
  return {
    images,
    labelShares: Object.fromEntries(labels.map(([label, share]) => [label, shareOf(`labelShares.${label}`, share)])),
    scoreHistogram: numbers('scoreHistogram', scoreHistogram, SCORE_TENTHS).map((share) =>
      shareOf('scoreHistogram', share),
    ),
    ...(outOfSetDeciles === undefined ? {} : { outOfSetDeciles: deciles('outOfSetDeciles', outOfSetDeciles) }),
    ...(sketch === undefined ? {} : { sketch: readSketch(sketch) }),
    ...(properties === undefined
      ? {}
      : {
          imageDeciles: Object.fromEntries(
            PROPERTIES.map((name) => [name, deciles(`imageDeciles.${name}`, properties[name])]),
          ) as Record<ImageProperty, number[]>, // made of exactly these
        }),
  };
}

function readSketch(value: unknown): { mean: number[]; covariance: number[] } {
  const { mean, covariance } = object('sketch', value);
  const dimension = Array.isArray(mean) ? mean.length : 0;
  if (dimension < 1 || dimension > SKETCH_DIMENSIONS) fail(`sketch.mean must have 1 to ${SKETCH_DIMENSIONS} numbers`);
  return {
    mean: numbers('sketch.mean', mean, dimension),
    covariance: numbers('sketch.covariance', covariance, dimension * dimension),
  };
}

function deciles(name: string, value: unknown): number[] {
  const values = numbers(name, value, DECILES);
  if (values.some((each, at) => each < (values[at - 1] ?? -Infinity))) fail(`${name} must rise`);
  return values;
}

function numbers(name: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value) || value.length !== length || !value.every((each) => Number.isFinite(each))) {
    return fail(`${name} must be ${length} numbers`);
  }
  return value as number[]; // just seen
}

function shareOf(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  return fail(`${name} must be a share between 0 and 1`);
}

function object(name: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>; // just seen
  return fail(`${name} must be an object`);
}

function fail(fault: string): never {
  throw new BaselineError(fault);
}
