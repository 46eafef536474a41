// Photos as they come when something has changed on their way: less light, a lens out of focus, another camera. What comes out is
// stored without loss, so that nothing but the named change is in it.
import sharp from 'sharp';
import { seededRandom } from '../../../apps/monitor/test/support/synthetic-traffic';

/** Takes the bytes of a photo and a seed for what is random in the change; gives those of the changed photo. */
export type Alteration = (photo: Buffer, seed: number) => Promise<Buffer>;

interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** So much of the light, `share` between 0 and 1, as with a shorter exposure: in linear light, by sRGB's curve (IEC 61966-2-1). */
export function darkened(share: number): Alteration {
  const table = Uint8Array.from({ length: 256 }, (_, value) => {
    const light = value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const less = share * light;
    return Math.round(255 * (less <= 0.0031308 ? 12.92 * less : 1.055 * less ** (1 / 2.4) - 0.055));
  });
  return async (photo) => {
    const { data, width, height } = await pixelsOf(photo);
    return stored({ data: Buffer.from(data.map((value) => table[value] ?? 0)), width, height });
  };
}

/** `sigma` of a Gaussian, in pixels of the square of `modelSize` that the model sees. */
export function blurred(sigma: number, modelSize: number): Alteration {
  return async (photo) => {
    const { width, height } = await sharp(photo).metadata();
    return sharp(photo)
      .blur((sigma * Math.min(width, height)) / modelSize)
      .png({ compressionLevel: 1 })
      .toBuffer();
  };
}

/** Its white is warm, its sensor noisy (standard deviation 8 of 255), its pictures are smaller and saved as JPEG of quality 40. */
export function otherCamera(scale = 0.6): Alteration {
  const WHITE = [1.15, 1, 0.8] as const;
  return async (photo, seed) => {
    const random = seededRandom(seed);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const { width: full } = await sharp(photo).metadata();
    const { data, width, height } = await pixelsOf(
      await sharp(photo)
        .resize(Math.round(full * scale))
        .png()
        .toBuffer(),
    );
    const seen = Uint8ClampedArray.from(data, (value, at) => value * (WHITE[at % 3] ?? 1) + 8 * normal());
    return sharp(Buffer.from(seen.buffer), { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 40 })
      .toBuffer();
  };
}

/** The middle of a photo at this size, so that its size does not tell where it comes from. */
export async function cut(photo: Buffer, width: number, height: number): Promise<Buffer> {
  return sharp(photo).resize(width, height, { fit: 'cover' }).png({ compressionLevel: 1 }).toBuffer();
}

async function pixelsOf(photo: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(photo)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function stored({ data, width, height }: Pixels): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
