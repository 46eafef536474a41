// What a backbone is shown of one decoded image. To add a view is to add a function here: it is cached under its name.

/** Takes `size * size` RGB pixels, row by row, and leaves them as they are. */
type ImageView = (pixels: Uint8Array, size: number) => Uint8Array;

const CHANNELS = 3;

/** `identity`: as it is served. `flip`: left and right exchanged. */
export const IMAGE_VIEWS = {
  identity: (pixels) => pixels,
  flip: (pixels, size) => {
    const flipped = new Uint8Array(pixels.length);
    for (let row = 0; row < size; row += 1) {
      for (let column = 0; column < size; column += 1) {
        const from = (row * size + column) * CHANNELS;
        const to = (row * size + (size - 1 - column)) * CHANNELS;
        for (let channel = 0; channel < CHANNELS; channel += 1) flipped[to + channel] = pixels[from + channel] ?? 0;
      }
    }
    return flipped;
  },
} as const satisfies Record<string, ImageView>;

export type ImageViewName = keyof typeof IMAGE_VIEWS;
