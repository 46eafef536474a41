import { DriftBaseline, SKETCH_DIMENSIONS } from '@app/contracts/sagemaker';

const nine = (first: number) => Array.from({ length: 9 }, (_, at) => first + at);

/** A whole baseline for the model that tells colours apart. */
export const COLOUR_BASELINE: DriftBaseline = {
  images: 40,
  featureMean: [0.5, 0.25, 0.25],
  featureVariance: [0.01, 0.02, 0.03],
  labelShares: { red: 0.5, green: 0.25, blue: 0.25 },
  scoreHistogram: [0, 0, 0, 0, 0, 0, 0, 0, 0.25, 0.75],
  outOfSetDeciles: nine(-9),
  sketch: {
    mean: Array.from({ length: SKETCH_DIMENSIONS }, (_, at) => at / 10),
    covariance: Array.from({ length: SKETCH_DIMENSIONS ** 2 }, (_, at) => (at % (SKETCH_DIMENSIONS + 1) === 0 ? 1 : 0)),
  },
  imageDeciles: { brightness: nine(0.1), contrast: nine(0.2), sharpness: nine(0.3), megapixels: nine(1) },
};
