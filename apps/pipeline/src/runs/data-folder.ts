// Whether a folder can be what it is said to be, before anything starts. Looks at names alone; training looks at the images.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command.error';
import { count, enumerate } from '../output/figures';
import { codeOf, reasonOf } from '../reason-of';

const IMAGE_NAME = /\.(jpe?g|png|webp)$/i;
const LAYOUT =
  'a folder with one sub-folder for each class, which holds its photos: DIR/rose/1.jpg, DIR/tulip/2.jpg, ...';

export interface ClassCount {
  readonly name: string;
  readonly images: number;
}

/**
 * Classes of `folder/<class>/<image>` that hold images.
 * @throws UsageError when there are fewer than `least`, with what was found instead
 */
export async function requireClassFolders(
  option: string,
  folder: string,
  least: number,
): Promise<readonly ClassCount[]> {
  const { folders, images } = await look(option, folder);
  const classes: ClassCount[] = [];
  const below = new Set<string>();
  for (const name of folders) {
    const inside = await look(option, join(folder, name));
    if (inside.images > 0) classes.push({ name, images: inside.images });
    else if (inside.folders.length > 0) below.add(name);
  }
  if (classes.length >= least) return classes;
  throw new UsageError(`${option} ${folder} ${whatIsWrong()} Expected is ${LAYOUT}`);

  function whatIsWrong(): string {
    const [train, test] = ['train', 'test'].map((name) => (below.has(name) ? join(folder, name) : undefined));
    if (train !== undefined) {
      return `holds no photos of classes, but its folder "train" seems to: try --data ${train}${test ? ` --test ${test}` : ''}.`;
    }
    if (classes[0] !== undefined) return `has photos of one class only ("${classes[0].name}"): two are needed.`;
    if (images > 0) return `holds ${count(images, 'photo')}, but no class folders.`;
    if (below.size > 0) {
      return `has no photos right in its sub-folders: ${enumerate([...below].slice(0, 3).map((name) => `"${name}"`))} hold folders.`;
    }
    return folders.length > 0
      ? 'has sub-folders, but none of them holds a JPEG, PNG or WebP file.'
      : 'holds no photos.';
  }
}

/** Images in a folder and all below it. Throws `UsageError` when there are none. */
export async function requireImages(option: string, folder: string): Promise<number> {
  await look(option, folder);
  const files = await readdir(folder, { recursive: true });
  const images = files.filter((file) => IMAGE_NAME.test(file)).length;
  if (images === 0) throw new UsageError(`${option} ${folder} holds no JPEG, PNG or WebP file.`);
  return images;
}

/** What is hidden is as if it were not there; links are followed. */
async function look(option: string, folder: string): Promise<{ folders: string[]; images: number }> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(option, folder, error);
  });
  const folders: string[] = [];
  let images = 0;
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    if (IMAGE_NAME.test(name)) images += 1;
    else if ((await stat(join(folder, name)).catch(() => undefined))?.isDirectory() === true) folders.push(name);
  }
  return { folders, images };
}

function unreadable(option: string, folder: string, error: unknown): UsageError {
  const problem =
    codeOf(error) === 'ENOENT'
      ? 'does not exist.'
      : codeOf(error) === 'ENOTDIR'
        ? 'is a file, not a folder.'
        : `cannot be read (${reasonOf(error)}).`;
  return new UsageError(`${option} ${folder} ${problem} Expected is ${LAYOUT}`, { cause: error });
}
