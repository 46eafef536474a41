import { orientedPhoto, photo, pixelBomb, truncated } from '../../../test/support/images';
import { inspectImage } from './inspect-image';

describe('inspectImage', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('tells format and size: %s', async (format) => {
    expect(await inspectImage(await photo({ width: 30, height: 20, format }))).toEqual({
      format,
      width: 30,
      height: 20,
    });
  });

  it('tells the size of the upright image', async () => {
    expect(await inspectImage(await orientedPhoto(6))).toEqual({ format: 'jpeg', width: 160, height: 96 });
  });

  it('does not look behind the header', async () => {
    expect(await inspectImage(truncated(await photo()))).toEqual({ format: 'jpeg', width: 640, height: 480 });
  });

  it('refuses with the same problems as decoding does', async () => {
    await expect(inspectImage(Buffer.alloc(0))).rejects.toMatchObject({ code: 'image-empty' });
    await expect(inspectImage(Buffer.from('GIF89a'))).rejects.toMatchObject({ code: 'unsupported-image-format' });
    await expect(inspectImage(pixelBomb())).rejects.toMatchObject({ code: 'image-too-many-pixels' });
  });
});
