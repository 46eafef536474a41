// Folders of small photos for tests, one folder per class, made at will.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { photo } from '../../../../test/support/images';

/** Real photos beside the repository; not there in every clone. */
export const FLOWERS = resolve('..', 'shared', 'data', 'flowers');

/** A folder that lasts as long as a test does. */
export class PhotoFolder {
  private constructor(readonly path: string) {}

  /** With `count` different photos in each class, called `0.jpg`, `1.jpg` ... */
  static async create(counts: Readonly<Record<string, number>>): Promise<PhotoFolder> {
    const folder = new PhotoFolder(await mkdtemp(join(tmpdir(), 'photos-')));
    let seed = 1;
    for (const [name, count] of Object.entries(counts)) {
      await mkdir(folder.at(name));
      for (let index = 0; index < count; index += 1) await folder.put(`${name}/${index}.jpg`, await small(seed++));
    }
    return folder;
  }

  at(path: string): string {
    return join(this.path, path);
  }

  async put(path: string, content: Buffer | string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), content);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A photo of 48 x 40 px; each seed gives another. */
export async function small(seed: number, format: 'jpeg' | 'png' | 'webp' = 'jpeg'): Promise<Buffer> {
  const key = `${seed}.${format}`;
  const bytes = made.get(key) ?? (await photo({ width: 48, height: 40, seed, format }));
  made.set(key, bytes);
  return bytes;
}

const made = new Map<string, Buffer>();
