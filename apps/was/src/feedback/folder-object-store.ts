// Objects as files below a folder. Several processes may use it at once, and any of them may be killed at any moment.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve } from 'node:path';
import { ObjectStore } from './object-store.port';

/** Holds what is being written. What a killed process left there is no object yet, and is removed by a later one. */
const INCOMING = '.incoming';

/** No write takes that long. */
const ABANDONED_AFTER_MS = 600_000;

/** A folder may be removed, being empty, just when something is put into it. */
const MAX_ATTEMPTS = 5;

export class FolderObjectStore extends ObjectStore {
  private readonly root: string;

  constructor(folder: string) {
    super();
    this.root = resolve(folder);
  }

  /** Writes beside, waits until it is on disk, and gives it its name: a link, unlike a rename, replaces nothing. */
  async create(key: string, bytes: Buffer): Promise<boolean> {
    await mkdir(join(this.root, INCOMING), { recursive: true });
    await this.removeAbandoned();
    const temporary = join(this.root, INCOMING, randomUUID());
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      const isNew = await linkNew(temporary, this.pathOf(key));
      await this.syncFolders(key); // also when somebody else has created it: they may be about to
      return isNew;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async read(key: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.pathOf(key));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    try {
      const entries = await readdir(this.pathOf(folder), { withFileTypes: true });
      const found = entries.map((entry) => ({ entry, key: `${folder}${entry.name}` }));
      const matching = found.filter(({ key }) => key.startsWith(prefix));
      const keys = matching.map(async ({ entry, key }) => (entry.isDirectory() ? await this.list(`${key}/`) : [key]));
      return (await Promise.all(keys)).flat();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    await rmdir(dirname(path)).catch((error: unknown) => {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
    });
    await this.syncFolders(key);
  }

  private pathOf(key: string): string {
    return join(this.root, ...key.split('/'));
  }

  /** Brings the names on the way to a file to disk, from its own folder up to the root. */
  private async syncFolders(key: string): Promise<void> {
    let folder = key;
    do {
      folder = posix.dirname(folder);
      await syncFolder(this.pathOf(folder));
    } while (folder !== '.');
  }

  private async removeAbandoned(): Promise<void> {
    for (const name of await readdir(join(this.root, INCOMING))) {
      const path = join(this.root, INCOMING, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity })); // its writer is done with it
      if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
    }
  }
}

/** Gives a file another name unless that is taken: false then. */
async function linkNew(file: string, name: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(dirname(name), { recursive: true });
    try {
      await link(file, name);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      if (!hasCode(error, 'ENOENT') || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // there folders cannot be opened, and the file system sees to it
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error; // removed meanwhile, being empty
  }
}

/** Not by `instanceof`: under Jest, Node's own errors are of another realm. */
function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
