import { ModelManifest } from '@app/contracts/sagemaker';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

export interface PackageFiles {
  /** Backbone and head in one graph, as `appendLinearHead` gives it. */
  readonly graph: Uint8Array;
  readonly manifest: ModelManifest;
  /** Markdown for people. */
  readonly card: string;
}

/**
 * Writes `model.onnx`, `model.json` and `card.md` so that `folder` has all of them or does not exist: they are written beside
 * it, put on disk, and moved into place at once. Throws the file system's error; `ENOTEMPTY` or `EEXIST` when there is something already.
 */
export async function writePackage(folder: string, { graph, manifest, card }: PackageFiles): Promise<void> {
  const place = resolve(folder);
  await mkdir(dirname(place), { recursive: true });
  const temporary = await mkdtemp(join(dirname(place), `.${basename(place)}-`));
  try {
    await writeDurably(join(temporary, 'model.onnx'), graph);
    await writeDurably(join(temporary, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await writeDurably(join(temporary, 'card.md'), card);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The same for a folder that is there already and cannot be moved, such as a mounted one. A package that is in it is replaced.
 * `model.json`, without which a package is none, is put into place last, so that a process that is killed leaves nothing that
 * looks whole; a package that cannot be written is removed again. Throws the file system's error.
 */
export async function replacePackage(folder: string, { graph, manifest, card }: PackageFiles): Promise<void> {
  const at = (name: string) => join(folder, name);
  await removePackage(folder);
  try {
    await writeDurably(at('model.onnx'), graph);
    await writeDurably(at('card.md'), card);
    await writeDurably(at(UNFINISHED), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(at(UNFINISHED), at('model.json'));
    await syncFolder(folder);
  } catch (error) {
    await removePackage(folder);
    throw error;
  }
}

/** Removes the files of a package, whole or not, and leaves all others alone. */
export async function removePackage(folder: string): Promise<void> {
  for (const name of ['model.json', UNFINISHED, 'model.onnx', 'card.md']) await rm(join(folder, name), { force: true });
}

/** What will be `model.json`. */
const UNFINISHED = '.model.json';

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the names on disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
