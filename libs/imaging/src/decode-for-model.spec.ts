import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import {
  cmykJpeg,
  displayP3Photo,
  emptyFile,
  grey,
  onePixel,
  orientedPhoto,
  palettePng,
  phonePhoto,
  photo,
  photoPixels,
  pixelBomb,
  png16Bit,
  sharedPhotos,
  transparent,
  truncated,
} from '../../../test/support/images';
import { decodeForModel, ModelView } from './decode-for-model';
import { normaliseImage } from './normalise-image';

const crop = (size: number): ModelView => ({ size, resize: 'shorter-side-crop' });
const stretch = (size: number): ModelView => ({ size, resize: 'stretch' });

/** What the model sees of an image, and of the same image after the private tier had it. */
async function expectSamePixels(bytes: Buffer, size: number) {
  const normalised = await normaliseImage(bytes, { modelSize: size });
  for (const view of [crop(size), stretch(size)]) {
    const direct = await decodeForModel(bytes, view);
    const viaTier = await decodeForModel(normalised.bytes, view);
    expect(direct.pixels).toHaveLength(size * size * 3);
    expect(Buffer.compare(direct.pixels, viaTier.pixels)).toBe(0);
  }
}

describe('decodeForModel', () => {
  it('gives RGB rows of the asked size', async () => {
    const { pixels, width, height } = await decodeForModel(await photo(), crop(64));

    expect({ width, height, bytes: pixels.length }).toEqual({ width: 64, height: 64, bytes: 64 * 64 * 3 });
  });

  it('crops the centre without touching a pixel when the shorter side fits', async () => {
    const rows = photoPixels(101, 64);

    const { pixels, region } = await decodeForModel(await photo({ width: 101, height: 64, format: 'png' }), crop(64));

    const expected = Array.from({ length: 64 }, (_, y) => rows.subarray((y * 101 + 18) * 3, (y * 101 + 82) * 3));
    expect(Buffer.concat(expected).equals(pixels)).toBe(true);
    expect(region).toEqual({ x: 18 / 101, y: 0, width: 64 / 101, height: 1 });
  });

  it('says which part of the upright image is seen', async () => {
    const image = await orientedPhoto(6); // 160 x 96 when upright

    expect(await decodeForModel(image, crop(96))).toMatchObject({
      original: { width: 160, height: 96 },
      region: { x: 0.2, y: 0, width: 0.6, height: 1 },
    });
    expect((await decodeForModel(image, crop(300))).region).toEqual({ x: 0.2, y: 0, width: 0.6, height: 1 });
    expect((await decodeForModel(image, stretch(48))).region).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it('stretches both sides', async () => {
    const halves = await sharp({ create: { width: 400, height: 100, channels: 3, background: 'red' } })
      .composite([
        { input: { create: { width: 200, height: 100, channels: 3, background: 'blue' } }, left: 200, top: 0 },
      ])
      .png()
      .toBuffer();

    const { pixels } = await decodeForModel(halves, stretch(40));

    const at = (x: number) => [...pixels.subarray(x * 3, x * 3 + 3)];
    expect([at(0), at(15), at(24), at(39)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
      [0, 0, 255],
      [0, 0, 255],
    ]);
  });

  it('sees the same picture in all eight EXIF orientations', async () => {
    const upright = await decodeForModel(await orientedPhoto(1, 'png'), crop(64));

    for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
      const turned = await decodeForModel(await orientedPhoto(orientation, 'png'), crop(64));
      // Shrinking rounds differently in the other direction.
      const difference = turned.pixels.reduce((sum, value, at) => sum + Math.abs(value - (upright.pixels[at] ?? 0)), 0);
      expect(difference / turned.pixels.length).toBeLessThan(0.5);
    }
  });

  it.each(['jpeg', 'png', 'webp'] as const)('enlarges a single pixel: %s', async (format) => {
    const { pixels } = await decodeForModel(await onePixel(format), crop(64));

    expect(pixels).toHaveLength(64 * 64 * 3);
    expect(new Set(pixels.filter((_, at) => at % 3 === 0)).size).toBe(1);
  });

  it('enlarges the middle of a line without drawing all of it', async () => {
    const line = await sharp({ create: { width: 60_000, height: 1, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();

    const { pixels, region } = await decodeForModel(line, crop(64));

    expect([...pixels.subarray(0, 3)]).toEqual([0, 128, 128]);
    expect(region.width).toBeCloseTo(1 / 60_000, 10);
  });

  it('refuses with the same problems as normalising does', async () => {
    const code = async (bytes: Buffer) =>
      decodeForModel(bytes, crop(64)).catch((error: unknown) => (error as { code: string }).code);

    expect(await code(emptyFile())).toBe('image-empty');
    expect(await code(Buffer.from('GIF89a'))).toBe('unsupported-image-format');
    expect(await code(truncated(await photo()))).toBe('image-undecodable');
    expect(await code(pixelBomb())).toBe('image-too-many-pixels');
  });
});

describe('the pixels a model sees are the same, directly and through the private tier', () => {
  it.each([
    [1, 1],
    [2, 3],
    [63, 65],
    [64, 64],
    [65, 64],
    [97, 96],
    [99, 511],
    [127, 131],
    [333, 500],
    [513, 511],
    [641, 427],
    [1000, 1001],
    [1, 900],
    [2000, 3],
    [5000, 65],
    [40, 3001],
  ])('for images of %i x %i px', async (width, height) => {
    // prettier-ignore
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      const image = await photo({ width, height, format, seed: width });
      for (const size of [32, 64, 97, 224]) await expectSamePixels(image, size);
    }
  });

  const options = { width: 319, height: 241 };
  it.each([
    ['CMYK', () => cmykJpeg(options)],
    ['16 bits', () => png16Bit(options)],
    ['grey JPEG', () => grey(options)],
    ['grey PNG', () => grey({ ...options, format: 'png' })],
    ['palette', () => palettePng(options)],
    ['transparent PNG', () => transparent(options)],
    ['transparent WebP', () => transparent({ ...options, format: 'webp' })],
    ['Display P3 JPEG', () => displayP3Photo(options)],
    ['Display P3 PNG', () => displayP3Photo({ ...options, format: 'png' })],
  ])('for every kind of colour: %s', async (_, make) => {
    const image = await make();
    for (const size of [64, 200, 400]) await expectSamePixels(image, size);
  });

  it('for a picture in which everything is grey', async () => {
    const flat = sharp({ create: { width: 300, height: 200, channels: 3, background: '#808080' } });
    await expectSamePixels(
      await flat
        .withExif({ IFD0: { Artist: 'me' } })
        .png()
        .toBuffer(),
      64,
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('for EXIF orientation %i', async (orientation) => {
    await expectSamePixels(await orientedPhoto(orientation), 64);
    await expectSamePixels(await orientedPhoto(orientation), 128);
  });

  it('for a phone photo', async () => {
    await expectSamePixels(await phonePhoto(), 64);
  });

  it('for strips so long that only their middle is sent', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    for (const [width, height] of [
      [50_000, 101],
      [3, 60_001],
    ] as const) {
      const strip = sharp({ create: { width, height, channels: 3, background: 'grey', noise } });
      await expectSamePixels(await strip.png({ compressionLevel: 1 }).toBuffer(), 100);
    }
  });

  const { known, other, flowers } = sharedPhotos();
  const real = [...known, ...other, ...flowers.filter((_, at) => at % 20 === 0)];
  (real.length > 0 ? it : it.skip)('for real photos (skipped without ../shared/data)', async () => {
    for (const path of real) await expectSamePixels(readFileSync(path), 64);
    for (const path of real.slice(0, 30)) await expectSamePixels(readFileSync(path), 224);
  });
});
