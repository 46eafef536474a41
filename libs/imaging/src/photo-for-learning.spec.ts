import sharp from 'sharp';
import { displayP3Photo, orientedPhoto, phonePhoto, photo, transparent, truncated } from '../../../test/support/images';
import { photoForLearning } from './photo-for-learning';

/** Mean of each channel. */
async function colourOf(bytes: Buffer): Promise<number[]> {
  return (await sharp(bytes).stats()).channels.map(({ mean }) => mean);
}

describe('photoForLearning', () => {
  it('makes the photo of a phone upright and small, and takes place, camera and profile from it', async () => {
    const kept = await photoForLearning(await phonePhoto());

    const { width, height, format, exif, icc, xmp, iptc, orientation, space } = await sharp(kept).metadata();
    expect({ width, height, format, space }).toEqual({ width: 1200, height: 1600, format: 'jpeg', space: 'srgb' });
    expect({ exif, icc, xmp, iptc, orientation }).toEqual({});
    expect(kept.includes('Exif') || kept.includes('GPS')).toBe(false);
    expect(kept.length).toBeLessThan(2_000_000);
  });

  it.each([3, 6, 8])('turns the pixels as EXIF orientation %i says', async (orientation) => {
    const pixelsOf = async (each: number) =>
      sharp(await photoForLearning(await orientedPhoto(each)))
        .raw()
        .toBuffer();
    const [turned, upright] = [await pixelsOf(orientation), await pixelsOf(1)];
    // Compressed once more, noise comes out otherwise; turned wrongly, the difference is above 30.
    const differences = upright.map((value, at) => Math.abs(value - (turned[at] ?? 0)));
    expect(differences.reduce((sum, value) => sum + value, 0) / upright.length).toBeLessThan(8);
  });

  it('converts colours to sRGB, as their profile says', async () => {
    const original = await displayP3Photo();
    const expected = await colourOf(await sharp(original).toColourspace('srgb').png().toBuffer());

    const colour = await colourOf(await photoForLearning(original));

    colour.forEach((mean, channel) => expect(Math.abs(mean - (expected[channel] ?? 0))).toBeLessThan(2));
  });

  it.each([
    ['a small photo', () => photo({ width: 40, height: 30 }), 40, 30],
    ['a PNG with transparency', () => transparent({ width: 64, height: 48 }), 64, 48],
    ['a strip', () => photo({ width: 8000, height: 2 }), 1600, 1],
  ])('enlarges nothing: %s', async (_, make, width, height) => {
    const kept = await sharp(await photoForLearning(await make())).metadata();
    expect([kept.format, kept.width, kept.height]).toEqual(['jpeg', width, height]);
  });

  it('gives the same bytes for the same photo', async () => {
    const original = await photo({ width: 2000, height: 900 });
    expect((await photoForLearning(original)).equals(await photoForLearning(original))).toBe(true);
  });

  it.each([
    ['what is no image', Buffer.from('no image'), 'unsupported-image-format'],
    ['an empty file', Buffer.alloc(0), 'image-empty'],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(photoForLearning(bytes)).rejects.toMatchObject({ code });
  });

  it('refuses a broken image', async () => {
    await expect(photoForLearning(truncated(await photo()))).rejects.toMatchObject({ code: 'image-undecodable' });
  });
});
