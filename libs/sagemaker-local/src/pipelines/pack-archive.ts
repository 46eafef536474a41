/** `model.tar.gz` and `output.tar.gz`: the same files give the same bytes, whenever and wherever they are packed. */
import { createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';

/** Weights are numbers that hardly get smaller; a higher level costs time for nothing. */
const GZIP_LEVEL = 3;

/** Packs what a folder holds; the folder's own name is not in the archive. False, and no archive, when it holds no file. */
export async function packArchive(folder: string, archive: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  if (files.length === 0) return false;
  const options = { cwd: folder, gzip: { level: GZIP_LEVEL }, portable: true, mtime: new Date(0), follow: true };
  await pipeline(create(options, files), createWriteStream(archive, { flush: true }));
  return true;
}
