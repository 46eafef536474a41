/**
 * The folder that stands for an AWS account on this machine: JSON records that several processes read and write at once and that
 * survive the death of any of them at any moment. It does not know what the records mean.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export class StateFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** An absolute path below the folder. Throws a `RangeError` for a part that would lead elsewhere. */
  path(...parts: readonly string[]): string {
    for (const part of parts.flatMap((each) => each.split('/'))) {
      if (part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)) {
        throw new RangeError(`"${parts.join('/')}" is not a path below the state folder`);
      }
    }
    return join(this.root, ...parts);
  }

  /** The record, or undefined when there is none. */
  async read<T>(...parts: readonly string[]): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.path(...parts), 'utf8')) as T; // written by this class
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      if (error instanceof SyntaxError) {
        throw new SyntaxError(`${this.path(...parts)} is not JSON: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  /** Puts a record in the place of the one that may be there; a reader sees the old one or the new one, whole. */
  async write(record: object, ...parts: readonly string[]): Promise<void> {
    await this.#put(record, parts, (temporary, place) => rename(temporary, place));
  }

  /** Writes a record unless there is one: false then. Of several who try, one succeeds. */
  async create(record: object, ...parts: readonly string[]): Promise<boolean> {
    try {
      await this.#put(record, parts, (temporary, place) => link(temporary, place));
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** Names of what is in a folder, sorted, without what is being written; empty when there is no folder. */
  async list(...parts: readonly string[]): Promise<string[]> {
    try {
      return (await readdir(this.path(...parts))).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #put(
    record: object,
    parts: readonly string[],
    place: (temporary: string, path: string) => Promise<void>,
  ): Promise<void> {
    const path = this.path(...parts);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `.${randomUUID()}`);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await place(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** Whether Node's error has one of these codes. Not by `instanceof`: in a context of its own, as Jest makes them, `Error` is another one. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
