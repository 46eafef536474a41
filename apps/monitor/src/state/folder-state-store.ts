import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StateStore, StoredPart } from './state-store.port';

const EXTENSION = '.json';

/** Keeps parts as files of one folder. */
export class FolderStateStore extends StateStore {
  private readonly folder: string;

  constructor(folder: string) {
    super();
    this.folder = resolve(folder);
  }

  async list(): Promise<readonly StoredPart[]> {
    const files = await orUndefined(readdir(this.folder));
    const names = (files ?? []).filter((file) => file.endsWith(EXTENSION) && !file.startsWith('.'));
    const parts = await Promise.all(
      names.map(async (file) => {
        const facts = await orUndefined(stat(join(this.folder, file), { bigint: true }));
        return facts && { name: file.slice(0, -EXTENSION.length), version: versionOf(facts) };
      }),
    );
    return parts.filter((part) => part !== undefined);
  }

  async load(name: string): Promise<string | undefined> {
    return await orUndefined(readFile(this.place(name), 'utf8'));
  }

  async save(name: string, text: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const temporary = join(this.folder, `.${randomUUID()}`);
    try {
      const version = await writeNew(temporary, text);
      await rename(temporary, this.place(name)); // which changes neither number nor time of the file
      await this.syncFolder();
      return version;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async setAside(name: string): Promise<string> {
    const place = `${this.place(name)}.damaged-${Date.now()}`;
    await rename(this.place(name), place);
    return place;
  }

  private place(name: string): string {
    return join(this.folder, `${name}${EXTENSION}`);
  }

  /** Without it the new name may be lost with the power. Windows has no such thing for folders. */
  private async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** Resolves when the text is on the disk. */
async function writeNew(path: string, text: string): Promise<string> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
    return versionOf(await file.stat({ bigint: true }));
  } finally {
    await file.close();
  }
}

function versionOf({ ino, mtimeNs }: { readonly ino: bigint; readonly mtimeNs: bigint }): string {
  return `${ino}-${mtimeNs}`;
}

/** Nothing when the file or folder is not there. */
async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
