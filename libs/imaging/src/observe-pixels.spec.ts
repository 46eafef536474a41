import sharp from 'sharp';
import { photo } from '../../../test/support/images';
import { decodeForModel } from './decode-for-model';
import { observePixels } from './observe-pixels';

const SIZE = 64;
const observe = async (bytes: Buffer) => {
  const { pixels } = await decodeForModel(bytes, { size: SIZE, resize: 'shorter-side-crop' });
  return observePixels(pixels, SIZE, SIZE);
};

/** `rows` of grey values, as RGB. */
const grey = (...rows: number[][]) => Uint8Array.from(rows.flat().flatMap((value) => [value, value, value]));

describe('observePixels', () => {
  it('is plain arithmetic', () => {
    const pixels = grey([0, 0, 0, 0], [0, 255, 0, 0], [0, 0, 0, 0]);

    // The Laplacian is -4 at the white pixel and 1 at its right neighbour; the other ten pixels are at the edge.
    expect(observePixels(pixels, 4, 3)).toEqual({
      brightness: expect.closeTo(1 / 12, 12),
      contrast: expect.closeTo(Math.sqrt(1 / 12 - 1 / 144), 12),
      sharpness: expect.closeTo(17 / 2 - 2.25, 12),
    });
  });

  it.each([
    ['red', [255, 0, 0], 0.299],
    ['green', [0, 255, 0], 0.587],
    ['blue', [0, 0, 255], 0.114],
    ['white', [255, 255, 255], 1],
  ])('takes %s for as bright as an eye does', (_, colour, brightness) => {
    const pixels = Uint8Array.from({ length: 5 * 5 * 3 }, (_value, at) => colour[at % 3] ?? 0);

    expect(observePixels(pixels, 5, 5)).toEqual({ brightness, contrast: 0, sharpness: 0 });
  });

  it.each([
    [1, 1],
    [2, 9],
    [9, 2],
  ])('has no edge in %i x %i pixels', (width, height) => {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 37) % 256);

    expect(observePixels(pixels, width, height).sharpness).toBe(0);
  });

  it('is the same as an independent implementation finds', async () => {
    const bytes = await photo({ width: SIZE, height: SIZE, format: 'png' });

    const { brightness, contrast } = await observe(bytes);

    const luma = [0.299, 0.587, 0.114] as [number, number, number]; // libvips wants a row for each channel
    const mixed = sharp(bytes).recomb([luma, luma, luma]).png();
    const { channels } = await sharp(await mixed.toBuffer()).stats();
    expect(brightness).toBeCloseTo((channels[0]?.mean ?? NaN) / 255, 2); // libvips rounds to whole values
    expect(contrast).toBeCloseTo((channels[0]?.stdev ?? NaN) / 255, 2);
  });

  it('notices what happens to photos', async () => {
    const bytes = await photo({ width: 200, height: 150 });
    const before = await observe(bytes);

    const darker = await observe(await sharp(bytes).linear(0.5).jpeg().toBuffer());
    const blurred = await observe(await sharp(bytes).blur(4).jpeg().toBuffer());
    const flatter = await observe(await sharp(bytes).linear(0.3, 90).jpeg().toBuffer());

    expect(darker.brightness).toBeLessThan(0.6 * before.brightness);
    expect(blurred.sharpness).toBeLessThan(0.2 * before.sharpness);
    expect(flatter.contrast).toBeLessThan(0.5 * before.contrast);
  });
});
