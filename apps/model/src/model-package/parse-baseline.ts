import { DriftBaseline, ImageProperty, SKETCH_DIMENSIONS, SketchBaseline } from '@app/contracts/sagemaker';
import { JsonObject } from './json-object';

const TENTHS = 10;
const DECILES = 9;

/** Reads the object `baseline`, so that whoever compares with it finds as many numbers as there have to be; throws a `ManifestFault`. */
export function baselineOf(json: JsonObject): DriftBaseline {
  const featureMean = json.numbers('featureMean');
  return {
    images: json.number('images', { integer: true, above: 0 }),
    featureMean,
    featureVariance: json.numbers('featureVariance', featureMean.length),
    labelShares: json.object('labelShares').numberMembers({ min: 0, max: 1 }),
    scoreHistogram: json.numbers('scoreHistogram', TENTHS),
    ...json.optional('outOfSetDeciles', () => json.numbers('outOfSetDeciles', DECILES)),
    ...json.optional('sketch', () => sketchOf(json.object('sketch'))),
    ...json.optional('imageDeciles', () => imageDecilesOf(json.object('imageDeciles'))),
  };
}

function sketchOf(json: JsonObject): SketchBaseline {
  return {
    mean: json.numbers('mean', SKETCH_DIMENSIONS),
    covariance: json.numbers('covariance', SKETCH_DIMENSIONS ** 2),
  };
}

function imageDecilesOf(json: JsonObject): Record<ImageProperty, number[]> {
  return {
    brightness: json.numbers('brightness', DECILES),
    contrast: json.numbers('contrast', DECILES),
    sharpness: json.numbers('sharpness', DECILES),
    megapixels: json.numbers('megapixels', DECILES),
  };
}
