/** S3 on this machine: `s3://bucket/key` is a file or folder below the state folder. No versions, no permissions. */
import { cp, mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { randomUUID } from 'node:crypto';
import { hasCode, StateFolder } from './state-folder';

const URI = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

export class LocalS3 {
  constructor(private readonly state: StateFolder) {}

  /** Where an object or a prefix lies, whether it exists or not. Throws a `RangeError` for what is no S3 URI. */
  pathOf(uri: string): string {
    const [, bucket, key = ''] = URI.exec(uri) ?? [];
    if (bucket === undefined) throw new RangeError(`"${uri}" is not an S3 URI`);
    const parts = key.split('/').filter((part) => part !== '');
    return this.state.path('s3', bucket, ...parts);
  }

  async exists(uri: string): Promise<boolean> {
    return (await stat(this.pathOf(uri)).catch(() => undefined)) !== undefined;
  }

  /** Copies a file or a folder with all it holds; what is there already is replaced as a whole. */
  async upload(path: string, uri: string): Promise<void> {
    const place = this.pathOf(uri);
    await mkdir(dirname(place), { recursive: true });
    const temporary = join(dirname(place), `.${randomUUID()}`);
    try {
      await cp(path, temporary, { recursive: true, dereference: true });
      await replace(temporary, place);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  }

  /** Like `upload`, but what is at `path` is not copied: it is there no longer. */
  async move(path: string, uri: string): Promise<void> {
    const place = this.pathOf(uri);
    await mkdir(dirname(place), { recursive: true });
    try {
      await replace(path, place);
    } catch (error) {
      if (!hasCode(error, 'EXDEV')) throw error; // a prefix that was linked may lie on another disk
      await this.upload(path, uri);
      await rm(path, { recursive: true, force: true });
    }
  }

  /** Lets a prefix stand for a folder of this machine: nothing is copied, and what changes there changes here. */
  async link(folder: string, uri: string): Promise<void> {
    const place = this.pathOf(uri);
    await mkdir(dirname(place), { recursive: true });
    const temporary = join(dirname(place), `.${randomUUID()}`);
    await symlink(resolve(folder), temporary, 'junction');
    await replace(temporary, place);
  }

  /** URIs of the objects and prefixes directly below a prefix, sorted; empty when there is none. */
  async list(prefix: string): Promise<string[]> {
    try {
      const names = await readdir(this.pathOf(prefix));
      const base = prefix.replace(/\/$/, '');
      return names
        .filter((name) => !name.startsWith('.'))
        .sort()
        .map((name) => `${base}/${name}`);
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    }
  }
}

/** `rename` puts a file over a file, but no folder over one that holds something, nor anything over a link to a folder. */
async function replace(temporary: string, place: string): Promise<void> {
  try {
    await rename(temporary, place);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR', 'EPERM')) throw error;
    const old = `${temporary}-old`;
    await rename(place, old);
    await rename(temporary, place);
    await rm(old, { recursive: true, force: true });
  }
}
