import sharp from 'sharp';
import { orientedPhoto, phonePhoto, photo, photoPixels, truncated } from '../../../test/support/images';
import { encodePng } from './encode-png';
import { thumbnail } from './thumbnail';

describe('thumbnail', () => {
  it.each([
    ['a photo of a phone, upright and without where it was taken', phonePhoto, [96, 128]],
    ['a wide strip', () => photo({ width: 2000, height: 4, format: 'png' }), [128, 1]],
    ['an image that lies on its side', () => orientedPhoto(6), [128, 77]],
    ['a tiny image, which is not enlarged', () => photo({ width: 40, height: 30, format: 'webp' }), [40, 30]],
  ])('shows %s', async (_, make, [width, height]) => {
    const { bytes, mediaType } = await thumbnail(await make(), 128);

    const found = await sharp(bytes).metadata();
    expect(found).toMatchObject({ width, height, format: 'jpeg' });
    expect([mediaType, found.exif, found.orientation]).toEqual(['image/jpeg', undefined, undefined]);
    expect(bytes.length).toBeLessThan(10_000);
  });

  it('refuses a broken image', async () => {
    await expect(thumbnail(truncated(await photo()), 128)).rejects.toMatchObject({ code: 'image-undecodable' });
  });
});

describe('encodePng', () => {
  it('keeps every pixel', async () => {
    const pixels = photoPixels(30, 20);

    const png = await encodePng(pixels, 30, 20);

    expect((await sharp(png).metadata()).format).toBe('png');
    expect(await sharp(png).raw().toBuffer()).toEqual(pixels);
  });
});
