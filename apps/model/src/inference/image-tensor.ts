import { ModelInput } from '@app/contracts/sagemaker';
import { InputTensor } from '@app/onnx';

const CHANNELS = 3;

/**
 * Turns `size * size` RGB pixels, row by row, into what the graph takes: uint8 `[1, size, size, 3]` as they are, or float32
 * `[1, 3, size, size]` of `(value / 255 - mean) / std`.
 */
export function imageTensor(pixels: Uint8Array, { type = 'uint8', size, mean, std }: ModelInput): InputTensor {
  if (type === 'uint8') return { type, dims: [1, size, size, CHANNELS], data: pixels };
  const area = size * size;
  const data = new Float32Array(CHANNELS * area);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const scale = 1 / (255 * (std?.[channel] ?? 1));
    const shift = (mean?.[channel] ?? 0) / (std?.[channel] ?? 1);
    for (let at = 0; at < area; at += 1)
      data[channel * area + at] = (pixels[at * CHANNELS + channel] ?? 0) * scale - shift;
  }
  return { type, dims: [1, CHANNELS, size, size], data };
}
