// From pixels to the numbers that a graph takes: the same for training and for serving. Knows no runtime.

const CHANNELS = 3;

/** How a graph takes its image. */
export interface TensorLayout {
  /** `uint8` NHWC in RGB needs no more; `float32` is NCHW of `(value / 255 - mean) / std`. Default `uint8`. */
  readonly type?: 'uint8' | 'float32';
  /** Height and width of the square, in pixels. */
  readonly size: number;
  /** Per channel, R G B; only with `float32`. Default 0, 0, 0. */
  readonly mean?: readonly [number, number, number];
  /** Per channel, R G B; only with `float32`. Default 1, 1, 1. */
  readonly std?: readonly [number, number, number];
}

export type ImageTensor =
  | { readonly type: 'uint8'; readonly dims: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array };

/**
 * Turns `size * size` RGB pixels, row by row, into what the graph takes: uint8 `[1, size, size, 3]` as they are (not a copy), or
 * float32 `[1, 3, size, size]` of `(value / 255 - mean) / std`.
 */
export function imageTensor(pixels: Uint8Array, { type = 'uint8', size, mean, std }: TensorLayout): ImageTensor {
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
