import { ImageObservation } from '@app/contracts/sagemaker';
import { PixelObservation } from '@app/imaging';
import { featureSketch } from '@app/learning/sketch';
import { OutputTensor } from '@app/onnx';

/** What the drift baseline is written with. */
const DIGITS = 5;

/** The numbers of an image that monitoring compares. Features of another shape than `[1, d]`, or that are no numbers, give no sketch. */
export function imageObservation(pixels: PixelObservation, features?: OutputTensor): ImageObservation {
  const { brightness, contrast, sharpness } = pixels;
  const isRow = features?.dims.length === 2 && features.dims[0] === 1 && features.data.every(Number.isFinite);
  return {
    brightness: short(brightness),
    contrast: short(contrast),
    sharpness: short(sharpness),
    ...(isRow ? { sketch: featureSketch(features.data).map(short) } : {}),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
