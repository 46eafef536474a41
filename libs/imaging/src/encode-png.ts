import { sharp } from './configured-sharp';

/** RGB pixels, `height * width * 3` bytes row by row from the top left, as a PNG: nothing is lost. */
export function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
