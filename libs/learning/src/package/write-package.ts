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

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
