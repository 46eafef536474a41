import { MAX_INVOCATION_BYTES } from '@app/contracts';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import {
  cmykJpeg,
  displayP3Photo,
  emptyFile,
  garbled,
  grey,
  onePixel,
  orientedPhoto,
  oversizedJpeg,
  palettePng,
  phonePhoto,
  photo,
  photoPixels,
  pixelBomb,
  png16Bit,
  transparent,
  truncated,
  unsupportedFiles,
} from '../../../test/support/images';
import { normaliseImage } from './normalise-image';

const forModel = (modelSize?: number) => ({ modelSize });

/** Everything of an image that is not its pixels or its layout. */
async function metadataOf(bytes: Buffer) {
  const { exif, icc, iptc, xmp, comments, orientation } = await sharp(bytes).metadata();
  return [exif, icc, iptc, xmp, comments, orientation].filter((value) => value !== undefined);
}

async function pixelsOf(bytes: Buffer) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data, ...info };
}

function meanDifference(a: Buffer, b: Buffer): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe('normaliseImage: a small clean image', () => {
  it.each([
    ['JPEG', () => photo({ width: 256, height: 200 })],
    ['PNG', () => photo({ width: 120, height: 90, format: 'png' })],
    ['WebP', () => photo({ width: 512, height: 384, format: 'webp' })],
    ['grey JPEG', () => grey()],
    ['palette PNG', () => palettePng()],
    ['image of one pixel', () => onePixel()],
    [
      'progressive JPEG',
      async () =>
        sharp(await photo())
          .resize(200)
          .jpeg({ progressive: true })
          .toBuffer(),
    ],
  ])('is left alone byte for byte: %s', async (_, make) => {
    const bytes = await make();

    const result = await normaliseImage(bytes, forModel(64));

    expect(result.changed).toBe(false);
    expect(result.bytes).toBe(bytes);
  });

  it('says what was sent', async () => {
    const result = await normaliseImage(await photo({ width: 200, height: 100, format: 'webp' }), forModel(64));

    expect(result).toMatchObject({ mediaType: 'image/webp', format: 'webp', width: 200, height: 100 });
  });

  it.each([
    [
      'metadata',
      async () =>
        sharp(await photo())
          .resize(100)
          .withExif({ IFD0: { Artist: 'me' } })
          .jpeg()
          .toBuffer(),
    ],
    ['a colour profile', () => displayP3Photo({ width: 100, height: 100 })],
    ['a comment', async () => insertAt(2, await photo({ width: 50, height: 50 }), '\xff\xfe\0\x06here')],
    ['a segment of some maker', async () => insertAt(2, await photo({ width: 50, height: 50 }), '\xff\xeb\0\x06here')],
    ['a text chunk', async () => insertAt(33, await onePixel(), '\0\0\0\x04tEXthere\x10\xfe\xfe\x10')],
    ['something appended', async () => Buffer.concat([await photo({ width: 50, height: 50 }), Buffer.from('secret')])],
    ['transparency', () => transparent({ width: 50, height: 50 })],
    ['transparency (WebP)', () => transparent({ width: 50, height: 50, format: 'webp' })],
    ['16 bits', () => png16Bit({ width: 50, height: 50 })],
    [
      '16 bits of grey',
      () =>
        sharp({ create: { width: 9, height: 9, channels: 3, background: 'teal' } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
    ],
    ['inks', () => cmykJpeg({ width: 50, height: 50 })],
    ['more than 512 pixels a side', () => photo({ width: 513, height: 20 })],
    ['more than 64 KiB', () => photo({ width: 400, height: 400, format: 'png' })],
  ])('is not one that has %s', async (_, make) => {
    const result = await normaliseImage(await make(), forModel(64));

    expect(result).toMatchObject({ changed: true, mediaType: 'image/png' });
    expect(await metadataOf(result.bytes)).toEqual([]);
    expect(result.bytes.includes('here') || result.bytes.includes('secret')).toBe(false);
  });
});

describe('normaliseImage: every other image', () => {
  it('turns a phone photo upright, shrinks it to what the model needs and forgets where it was taken', async () => {
    const original = await phonePhoto();
    expect(await metadataOf(original)).not.toEqual([]);

    const result = await normaliseImage(original, forModel(64));

    expect(result).toMatchObject({ width: 3024, height: 4032, format: 'jpeg', mediaType: 'image/png', changed: true });
    expect(await metadataOf(result.bytes)).toEqual([]);
    expect(await sharp(result.bytes).metadata()).toMatchObject({ width: 64, height: 85, channels: 3, depth: 'uchar' });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives the upright pixels for EXIF orientation %i', async (orientation) => {
    const upright = photoPixels(160, 96, 5);

    const lossless = await normaliseImage(await orientedPhoto(orientation, 'png'), forModel(512));
    const lossy = await normaliseImage(await orientedPhoto(orientation), forModel(512));

    expect(lossless).toMatchObject({ width: 160, height: 96 });
    expect((await pixelsOf(lossless.bytes)).data.equals(upright)).toBe(true);
    expect(meanDifference((await pixelsOf(lossy.bytes)).data, upright)).toBeLessThan(3);
  });

  it('never enlarges', async () => {
    const result = await normaliseImage(await orientedPhoto(6), forModel(512));

    expect(await sharp(result.bytes).metadata()).toMatchObject({ width: 160, height: 96 });
  });

  it('lays transparency on white', async () => {
    const { data } = await pixelsOf(
      (await normaliseImage(await transparent({ width: 64, height: 4 }), forModel(64))).bytes,
    );

    expect([...data.subarray(0, 3)]).toEqual([200, 0, 0]);
    expect([...data.subarray(63 * 3, 64 * 3)]).toEqual([255, 255, 255]);
  });

  it('reads colours through their profile', async () => {
    const colours = photoPixels(64, 64);
    const bytes = await displayP3Photo({ width: 64, height: 64, format: 'png' });
    const numbers = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();

    const { data } = await pixelsOf((await normaliseImage(bytes, forModel(64))).bytes);

    expect(meanDifference(numbers, colours)).toBeGreaterThan(5);
    expect(meanDifference(data, colours)).toBeLessThan(1.5);
  });

  it.each([
    ['CMYK', cmykJpeg, 25],
    ['16 bits', png16Bit, 1],
  ])('gives 8-bit RGB for %s', async (_, make, tolerance) => {
    const result = await normaliseImage(await make({ width: 96, height: 96 }), forModel(512));

    const { data, channels } = await pixelsOf(result.bytes);
    expect(channels).toBe(3);
    expect(meanDifference(data, photoPixels(96, 96))).toBeLessThan(tolerance);
  });

  it('reads a JPEG with 15 MB of comments', async () => {
    const result = await normaliseImage(await oversizedJpeg(14_000_000), forModel(64));

    expect(result.bytes.length).toBeLessThan(20_000);
  });

  it.each([
    [1, 60_000, 64],
    [60_000, 1, 64],
    [3, 50_000, undefined],
    [65, 60_000, 64],
    [700, 12_000, undefined],
    [2000, 2000, 4000],
  ])('stays under the limit of an invocation, also for noise of %i x %i px', async (width, height, modelSize) => {
    const noise = await sharp({
      create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 80 } },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();

    const result = await normaliseImage(noise, forModel(modelSize));

    expect(result).toMatchObject({ width, height, changed: true });
    expect(result.bytes.length).toBeLessThanOrEqual(MAX_INVOCATION_BYTES);
  });
});

describe('normaliseImage refuses', () => {
  it('what is empty', async () => {
    await expect(normaliseImage(emptyFile(), forModel(64))).rejects.toMatchObject({ code: 'image-empty', status: 400 });
  });

  it('other formats, naming the one it got and those it reads', async () => {
    for (const { bytes, looksLike } of await unsupportedFiles()) {
      const refusal = normaliseImage(bytes, forModel(64));

      await expect(refusal).rejects.toMatchObject({ code: 'unsupported-image-format', status: 415 });
      await expect(refusal).rejects.toThrow(looksLike);
      await expect(refusal).rejects.toThrow('Send a photo as JPEG, PNG or WebP.');
    }
  });

  it.each(['jpeg', 'png', 'webp'] as const)('a truncated %s, large or small', async (format) => {
    for (const width of [40, 900]) {
      const bytes = truncated(await photo({ width, height: width, format }));

      await expect(normaliseImage(bytes, forModel(64))).rejects.toMatchObject({
        code: 'image-undecodable',
        status: 422,
      });
    }
  });

  it('900 million pixels, by the header alone', async () => {
    // 200 bytes are the header and not one row: a decoder would call it damaged.
    const bytes = pixelBomb();
    expect(bytes.length).toBeLessThan(1_000_000);

    for (const part of [bytes, bytes.subarray(0, 200)]) {
      await expect(normaliseImage(part, forModel(64))).rejects.toMatchObject({
        code: 'image-too-many-pixels',
        status: 422,
        parameters: { limitPixels: 50_000_000 },
      });
    }
  });

  it('what is just over 50 megapixels, and takes what is just under', async () => {
    await expect(normaliseImage(pixelBomb(7200), forModel(64))).rejects.toMatchObject({
      code: 'image-too-many-pixels',
    });
    expect(await normaliseImage(pixelBomb(7000), forModel(64))).toMatchObject({ width: 7000, height: 7000 });
  });

  it.each([
    ['a name and nothing behind it', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['a page that pretends to be a JPEG', Buffer.from('\xff\xd8\xff\xe0<html><script>alert(1)</script>', 'latin1')],
    ['a WebP with an SVG in it', Buffer.from('RIFF\x99\0\0\0WEBP<svg xmlns="http://www.w3.org/2000/svg"/>', 'latin1')],
    ['a PNG without content', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
  ])('%s', async (_, bytes) => {
    await expect(normaliseImage(bytes, forModel(64))).rejects.toMatchObject({ code: 'image-undecodable' });
  });

  it('to open a file: a path is text', async () => {
    await expect(normaliseImage(Buffer.from(__filename), forModel(64))).rejects.toMatchObject({
      code: 'unsupported-image-format',
    });
  });

  it('files and other formats in the whole process, whoever asks sharp', async () => {
    const path = join(tmpdir(), `${randomUUID()}.jpg`);
    await writeFile(path, await photo());
    try {
      await expect(sharp(path).metadata()).rejects.toThrow('unsupported image format');
    } finally {
      await rm(path);
    }
    for (const { bytes } of await unsupportedFiles()) await expect(sharp(bytes).metadata()).rejects.toThrow();
  });
});

describe('normaliseImage on an image with garbage in the middle', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('refuses it or decodes what is there, and goes on: %s', async (format) => {
    // JPEG and WebP have no checksum: whether garbage is noticed depends on where it hits.
    for (const garbageBytes of [1, 20, 200, 2000]) {
      const bytes = garbled(await photo({ width: 800, format }), garbageBytes);

      const outcome = await normaliseImage(bytes, forModel(64)).then(
        () => 'decoded',
        (error: unknown) => (error as { code: string }).code,
      );

      expect(['decoded', 'image-undecodable']).toContain(outcome);
    }
  });
});

function insertAt(position: number, bytes: Buffer, inserted: string): Buffer {
  return Buffer.concat([bytes.subarray(0, position), Buffer.from(inserted, 'latin1'), bytes.subarray(position)]);
}
