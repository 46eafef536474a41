import sharp from 'sharp';

export type Rgb = readonly [number, number, number];
export const RED: Rgb = [255, 0, 0];
export const BLUE: Rgb = [0, 0, 255];

/** An image of two colours, side by side; `leftShare` of its width has the first. 96 x 64 pixels unless told otherwise. */
export async function twoColours(
  left: Rgb,
  right: Rgb,
  {
    leftShare = 0.5,
    width = 96,
    height = 64,
    format = 'png',
  }: { leftShare?: number; width?: number; height?: number; format?: 'jpeg' | 'png' | 'webp' } = {},
): Promise<Buffer> {
  const border = Math.round(width * leftShare);
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) pixels.set(at % width < border ? left : right, at * 3);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}
