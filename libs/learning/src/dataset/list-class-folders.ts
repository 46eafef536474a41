// What lies in a data folder, by name alone: classes are folders, images are files in them. Opens nothing.
import { DATASET_MANIFEST_FILE } from '@app/contracts/dataset';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../system-error';
import { LeftOut } from './dataset';
import { DatasetError } from './dataset.error';
import { LABELS_FILE } from './read-labels-file';

export interface ClassFolder {
  /** Name of the folder, in Unicode's composed form: macOS writes "é" and Korean in another one than people type. */
  readonly id: string;
  readonly images: readonly { readonly file: string; readonly path: string }[];
}

export interface FolderListing {
  readonly classes: readonly ClassFolder[];
  readonly leftOut: readonly LeftOut[];
}

type Images = Pick<ClassFolder, 'images'>;

const IMAGE_NAME = /\.(jpe?g|png|webp)$/i;
const NOT_A_FILE = { reason: 'not-an-image', message: 'is a pipe, a socket or a device' } as const;
const NOT_AN_IMAGE = { reason: 'not-an-image', message: 'is not named .jpg, .jpeg, .png or .webp' } as const;

/** Lists `folder/<class>/<image>`, ordered by name. What is hidden (begins with a dot) is as if it were not there; links are followed. */
export async function listClassFolders(folder: string): Promise<FolderListing> {
  const classes: ClassFolder[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of await list(folder)) {
    if (entry.isFolder) {
      const id = entry.name.normalize('NFC');
      if (classes.some((other) => other.id === id)) {
        throw new DatasetError('data-unreadable', `${folder} has two folders that are both called "${id}".`);
      }
      const found = await listClass(join(folder, entry.name), entry.name);
      classes.push({ id, images: found.images });
      leftOut.push(...found.leftOut);
    } else if (entry.name !== LABELS_FILE && entry.name !== DATASET_MANIFEST_FILE) {
      leftOut.push({ path: entry.name, reason: 'not-an-image', message: 'lies in no class folder' });
    }
  }
  return { classes, leftOut };
}

/** Lists the images in `folder` and in all folders below it, as `listClassFolders` does those of a class. */
export async function listImages(folder: string, above = ''): Promise<Pick<FolderListing, 'leftOut'> & Images> {
  const images: ClassFolder['images'][number][] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of await list(folder)) {
    const [file, path] = [join(folder, entry.name), `${above}${entry.name}`];
    if (entry.isFolder) {
      const inner = await listImages(file, `${path}/`);
      images.push(...inner.images);
      leftOut.push(...inner.leftOut);
    } else if (!entry.isFile) {
      leftOut.push({ path, ...NOT_A_FILE });
    } else if (IMAGE_NAME.test(entry.name)) {
      images.push({ file, path });
    } else {
      leftOut.push({ path, ...NOT_AN_IMAGE });
    }
  }
  return { images, leftOut };
}

async function listClass(folder: string, name: string): Promise<Images & { leftOut: LeftOut[] }> {
  const images: { file: string; path: string }[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of await list(folder)) {
    const path = `${name}/${entry.name}`;
    if (entry.isFolder) {
      leftOut.push({ path, reason: 'nested-folder', message: 'is a folder within a class, and is not looked into' });
    } else if (!entry.isFile) {
      leftOut.push({ path, ...NOT_A_FILE });
    } else if (IMAGE_NAME.test(entry.name)) {
      images.push({ file: join(folder, entry.name), path });
    } else {
      leftOut.push({ path, ...NOT_AN_IMAGE });
    }
  }
  return { images, leftOut };
}

/** What an entry is; `isFile` also of what vanished meanwhile, for reading it says best what became of it. */
interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isFile: boolean;
}

async function list(folder: string): Promise<Entry[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const visible = entries.filter(({ name }) => !name.startsWith('.'));
    visible.sort((a, b) => (a.name < b.name ? -1 : 1)); // by code, so that no machine's language changes the order
    return await Promise.all(
      visible.map(async (entry) => {
        const target = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
        return {
          name: entry.name,
          isFolder: target?.isDirectory() ?? false,
          isFile: target?.isFile() ?? true,
        };
      }),
    );
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new DatasetError('data-unreadable', `${folder} cannot be read (${error.message}).`, { cause: error });
  }
}
