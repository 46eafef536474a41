// Names of prefixes. Pure.
import { createHash } from 'node:crypto';

const MAX_NAME_LENGTH = 40;

/** Of a folder, fit for an S3 key and for a shell: `My Flowers` -> `my-flowers`. */
export function prefixName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-$/, '');
  return name === '' ? 'data' : name;
}

/** The same for the same names with the same contents. */
export function contentHash(files: ReadonlyMap<string, Uint8Array>): string {
  return listHash([...files].map(([name, bytes]) => [name, sha256(bytes)]));
}

/** Of names and the hashes of what is in them, in any order. */
export function listHash(files: readonly (readonly [name: string, hash: string])[]): string {
  const hash = createHash('sha256');
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, content] of sorted) hash.update(`${name}\0${content}\0`);
  return hash.digest('hex').slice(0, 16);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
