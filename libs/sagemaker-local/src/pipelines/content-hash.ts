/**
 * Hashes of files and folders by content: whether data is still what it was. What was hashed is remembered in the state folder by
 * size and time stamps, so that the second look at a folder of photos opens none of them.
 */
import { createHash } from 'node:crypto';
import { createReadStream, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, StateFolder } from '../state';

/** Several reads at once hide the latency of a disk; more than libuv has threads would bring nothing. */
const FILES_AT_ONCE = 4;
/** A file that was written this short a time ago could be written again without a change of its stamps (FAT counts in 2 s). */
const SETTLED_AFTER_MS = 2000;

interface Remembered {
  readonly path: string;
  /** By path below the folder: stamp and SHA-256. */
  readonly files: Readonly<Record<string, readonly [stamp: string, hash: string]>>;
}

export class ContentHasher {
  constructor(private readonly state: StateFolder) {}

  /**
   * SHA-256 over paths and contents, in hexadecimal; undefined when there is nothing at the path. Links are followed; what is hidden
   * (begins with a dot), a pipe or a socket is as if it were not there. So is a file that vanishes meanwhile.
   */
  async hash(path: string): Promise<string | undefined> {
    const root = await realpath(path).catch(() => undefined);
    if (root === undefined) return undefined;
    const names = await listFiles(root);
    // Only a cache: of several processes that write it at once any may win.
    const record = `${sha256(root).slice(0, 32)}.json`;
    const remembered = await this.state.read<Remembered>('content-hashes', record);
    const files: Record<string, readonly [string, string]> = {};
    const hashes = new Map<string, string>();
    const fresh: string[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let name = names[next++]; name !== undefined; name = names[next++]) {
        const file = join(root, name);
        const before = await stampOf(file);
        if (before === undefined) continue;
        const known = remembered?.files[name];
        const isKnown = known?.[0] === before.stamp;
        const hash = isKnown ? known[1] : await hashFile(file);
        if (hash === undefined) continue;
        hashes.set(name, hash);
        if (isKnown || (await isSettled(file, before))) files[name] = [before.stamp, hash];
        if (!isKnown) fresh.push(name);
      }
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    // Only when there is more to remember than before.
    if (fresh.some((name) => name in files)) await this.state.write({ path: root, files }, 'content-hashes', record);

    const whole = createHash('sha256');
    for (const name of names) {
      const hash = hashes.get(name);
      if (hash !== undefined) whole.update(`${name}\0${hash}\n`);
    }
    return whole.digest('hex');
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Paths of all files below a folder, with slashes, ordered; the empty path when it is a file itself. */
async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (below: string, ancestors: readonly string[]): Promise<void> => {
    const folder = join(root, below);
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || ancestors.includes(real)) return; // gone meanwhile, or a link to a folder around it
    for (const entry of await readFolder(folder)) {
      if (entry.name.startsWith('.')) continue;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (await isFolder(entry, join(root, name))) await visit(name, [...ancestors, real]);
      else files.push(name);
    }
  };
  try {
    await visit('', []);
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return [''];
    throw error;
  }
  return files.sort();
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

interface FileStamp {
  readonly stamp: string;
  readonly changedMs: number;
}

async function isSettled(file: string, before: FileStamp): Promise<boolean> {
  return (await stampOf(file))?.stamp === before.stamp && Date.now() - before.changedMs > SETTLED_AFTER_MS;
}

async function stampOf(path: string): Promise<FileStamp | undefined> {
  const facts = await stat(path, { bigint: true }).catch(() => undefined);
  if (facts?.isFile() !== true) return undefined; // a pipe would be waited for
  const { size, mtimeNs, ctimeNs, ino } = facts;
  const changedNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return { stamp: `${size}:${mtimeNs}:${ctimeNs}:${ino}`, changedMs: Number(changedNs / 1_000_000n) };
}

async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer); // no encoding
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return hash.digest('hex');
}
