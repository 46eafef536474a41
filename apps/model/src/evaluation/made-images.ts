// Images that show nothing anybody trains on: what a model says to them tells whether it notices. The same seed makes the same.
import { encodePng } from '@app/imaging';
import { DatasetImage, seededRandom } from '@app/learning';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const IMAGES_OF_A_KIND = 30;

/** The channel values at a place; `x` and `y` go from 0 to 1. */
type Picture = (x: number, y: number) => Rgb;
type Rgb = readonly [number, number, number];

/** Each draws from the random numbers what makes one picture differ from the next. */
const KINDS: Readonly<Record<string, (random: () => number) => Picture>> = {
  noise: (random) => () => colour(random),
  plain: (random) => {
    const only = colour(random);
    return () => only;
  },
  gradients: (random) => {
    const [from, to, angle] = [colour(random), colour(random), random() * 2 * Math.PI];
    const [right, down] = [Math.cos(angle), Math.sin(angle)];
    const mix = (share: number, channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * share;
    return (x, y) => {
      const share = Math.min(1, Math.max(0, 0.5 + (x - 0.5) * right + (y - 0.5) * down));
      return [mix(share, 0), mix(share, 1), mix(share, 2)];
    };
  },
};

export interface MadeImages {
  /** What they are. */
  readonly name: string;
  readonly images: readonly DatasetImage[];
}

/** Writes the images into `folder`, as squares of `side` pixels. */
export async function writeMadeImages(folder: string, side: number, seed: number): Promise<MadeImages[]> {
  const made: MadeImages[] = [];
  for (const [name, draw] of Object.entries(KINDS)) {
    const random = seededRandom(seed);
    await mkdir(join(folder, name), { recursive: true });
    const images = new Map<string, DatasetImage>(); // by content, for two plain colours may be the same
    for (let number = 0; number < IMAGES_OF_A_KIND; number += 1) {
      const bytes = await encodePng(pixelsOf(draw(random), side), side, side);
      const path = `${name}/${number}.png`;
      const file = join(folder, path);
      await writeFile(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      images.set(sha256, { file, path, label: 0, sha256 });
    }
    made.push({ name, images: [...images.values()] });
  }
  return made;
}

function pixelsOf(picture: Picture, side: number): Uint8Array {
  const pixels = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at += 1) {
    pixels.set(picture((at % side) / side, Math.floor(at / side) / side), at * 3);
  }
  return pixels;
}

function colour(random: () => number): Rgb {
  return [random() * 256, random() * 256, random() * 256];
}
