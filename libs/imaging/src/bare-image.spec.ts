import sharp from 'sharp';
import { cmykJpeg, grey, palettePng, photo, phonePhoto, png16Bit, transparent } from '../../../test/support/images';
import { readBareImage } from './bare-image';

const ENCODERS = {
  'baseline JPEG': (image: sharp.Sharp) => image.jpeg(),
  'progressive JPEG': (image: sharp.Sharp) => image.jpeg({ progressive: true }),
  PNG: (image: sharp.Sharp) => image.png(),
  'lossy WebP': (image: sharp.Sharp) => image.webp(),
  'lossless WebP': (image: sharp.Sharp) => image.webp({ lossless: true }),
};

describe('readBareImage', () => {
  it.each(Object.entries(ENCODERS))('reads the same from a %s as libvips does', async (_, encode) => {
    for (const [width, height] of [
      [1, 1],
      [257, 3],
      [640, 479],
    ] as const) {
      const bytes = await encode(sharp(await photo({ width, height }))).toBuffer();
      const { format } = await sharp(bytes).metadata();

      expect(readBareImage(bytes, format as 'jpeg' | 'png' | 'webp')).toEqual({ width, height, isPlain: true });
    }
  });

  it('knows which pixels need to be converted', async () => {
    expect(readBareImage(await grey(), 'jpeg')?.isPlain).toBe(true);
    expect(readBareImage(await palettePng(), 'png')?.isPlain).toBe(true);
    expect(readBareImage(await png16Bit(), 'png')?.isPlain).toBe(false);
    expect(readBareImage(await transparent(), 'png')?.isPlain).toBe(false);
    expect(readBareImage(await cmykJpeg(), 'jpeg')?.isPlain ?? false).toBe(false);
    const alpha = await sharp(await transparent())
      .webp({ lossless: true })
      .toBuffer();
    expect(readBareImage(alpha, 'webp')?.isPlain ?? false).toBe(false);
  });

  it('gives nothing for files that hold more than pixels, or end early', async () => {
    const bytes = await photo();

    expect(readBareImage(await phonePhoto(), 'jpeg')).toBeUndefined();
    expect(readBareImage(Buffer.concat([bytes, Buffer.from('more')]), 'jpeg')).toBeUndefined();
    for (const end of [0, 3, 20, bytes.length - 1])
      expect(readBareImage(bytes.subarray(0, end), 'jpeg')).toBeUndefined();
  });

  it.each(['jpeg', 'png', 'webp'] as const)('survives any bytes as %s', (format) => {
    for (let length = 0; length < 64; length++) {
      expect(readBareImage(Buffer.alloc(length, 0xff), format)).toBeUndefined();
    }
  });
});
