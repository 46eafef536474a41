// Folders of photos to learn from: photos of flowers where the data of the project is at hand, made ones elsewhere.
import { PRODUCT_ROOT } from '@app/platform/product';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { photoPixels } from './images';

const FLOWERS = join(PRODUCT_ROOT, '..', 'shared', 'data', 'flowers');

/** Kinds of light that a classifier can tell apart: factors of red, green and blue. */
const LIGHTS = { poppy: [1, 0.25, 0.25], fern: [0.3, 1, 0.3], bluebell: [0.3, 0.35, 1] } as const;

export interface PhotoFolders {
  readonly train: string;
  readonly test: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
}

/** Writes `train` and `test` below a folder, with so many photos of each of three classes. */
export async function writePhotoFolders(
  folder: string,
  { train, test }: { train: number; test: number },
): Promise<PhotoFolders> {
  const folders = { train: join(folder, 'train'), test: join(folder, 'test') };
  const isReal = existsSync(FLOWERS);
  const classes = isReal ? readdirSync(join(FLOWERS, 'train')).sort() : Object.keys(LIGHTS).sort();
  for (const [part, count] of [
    ['train', train],
    ['test', test],
  ] as const) {
    for (const name of classes) {
      const place = join(folders[part], name);
      mkdirSync(place, { recursive: true });
      if (isReal) copyFlowers(join(FLOWERS, part, name), place, count);
      else await makePhotos(name as keyof typeof LIGHTS, place, count, part === 'train' ? 0 : train); // one of its keys
    }
  }
  return { ...folders, classes };
}

function copyFlowers(from: string, to: string, count: number): void {
  for (const file of readdirSync(from).sort().slice(0, count)) cpSync(join(from, file), join(to, file));
}

async function makePhotos(name: keyof typeof LIGHTS, folder: string, count: number, firstSeed: number): Promise<void> {
  const [width, height] = [192, 144];
  for (let index = 0; index < count; index += 1) {
    const seed = 1 + firstSeed + index + 1000 * Object.keys(LIGHTS).indexOf(name);
    const light = LIGHTS[name];
    const pixels = photoPixels(width, height, seed).map((value, at) => value * light[(at % 3) as 0 | 1 | 2]); // three colours
    const jpeg = await sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer();
    writeFileSync(join(folder, `${index}.jpg`), jpeg);
  }
}
