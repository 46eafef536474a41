/** One digest for a whole file tree: names, kinds, modes and contents; not times, which no program in an image reads. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ImageError } from './image-error';

/** 64 hexadecimal digits. Throws `ImageError` when there is no such folder. */
export async function digestTree(folder: string): Promise<string> {
  return createHash('sha256')
    .update((await describeTree(folder)).join('\n'))
    .digest('hex');
}

/** A line for each thing below the folder, in the order of names: `kind mode owner path content`. */
export async function describeTree(folder: string, below = ''): Promise<string[]> {
  const names = await readdir(join(folder, below)).catch(() => {
    throw new ImageError(`${join(folder, below)} is no folder that can be read.`);
  });
  const lines: string[] = [];
  for (const name of names.sort()) {
    const path = below === '' ? name : `${below}/${name}`;
    lines.push(await describeOne(folder, path));
    if ((await lstat(join(folder, path))).isDirectory()) lines.push(...(await describeTree(folder, path)));
  }
  return lines;
}

async function describeOne(folder: string, path: string): Promise<string> {
  const status = await lstat(join(folder, path));
  const facts = `${(status.mode & 0o7777).toString(8)} ${status.uid}:${status.gid} ${JSON.stringify(path)}`;
  if (status.isSymbolicLink()) return `link ${facts} ${JSON.stringify(await readlink(join(folder, path)))}`;
  if (status.isFile()) return `file ${facts} ${await digestFile(join(folder, path))}`;
  return `${status.isDirectory() ? 'folder' : 'special'} ${facts}`;
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
