/** Objects in the state folder of this machine. Datasets are not copied: a prefix leads to the folder where they lie. */
import { NOTHING_FILE } from '@app/contracts/learning';
import { NOTHING_TEXT } from '@app/contracts/pipeline';
import { hasCode, LocalS3 } from '@app/sagemaker-local';
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ObjectStore } from '../storage/object-store.port';
import { contentHash, prefixName } from '../storage/prefix-name';

export class LocalObjectStore implements ObjectStore {
  readonly root = 's3://local';
  readonly dataRoot = this.root;

  constructor(private readonly s3: LocalS3) {}

  async provideFolder(folder: string): Promise<string> {
    const place = await realpath(resolve(folder));
    const hash = createHash('sha256').update(place).digest('hex').slice(0, 8);
    const prefix = `${this.dataRoot}/datasets/${prefixName(basename(place))}-${hash}/`;
    await this.s3.link(place, prefix);
    return prefix;
  }

  async provideFiles(kind: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    const prefix = `${this.root}/${kind}/${contentHash(files)}/`;
    for (const [name, bytes] of files) await this.write(`${prefix}${name}`, bytes);
    return prefix;
  }

  async markEmpty(prefix: string): Promise<void> {
    if (await this.holdsSomething(prefix)) return;
    const place = this.s3.pathOf(prefix);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, NOTHING_FILE), NOTHING_TEXT);
  }

  async holdsSomething(prefix: string): Promise<boolean> {
    return (await this.s3.list(prefix)).length > 0;
  }

  async list(prefix: string): Promise<readonly string[]> {
    const uris: string[] = [];
    for (const uri of await this.s3.list(prefix)) {
      // What was removed since then is not there.
      const found = await stat(this.s3.pathOf(uri)).catch(() => undefined);
      if (found?.isDirectory() === true) uris.push(...(await this.list(`${uri}/`)));
      else if (found !== undefined) uris.push(uri);
    }
    return uris.sort();
  }

  async write(uri: string, bytes: Uint8Array): Promise<void> {
    await this.#writeBeside(uri, bytes, rename);
  }

  /** A link, unlike a rename, replaces nothing. */
  async create(uri: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#writeBeside(uri, bytes, link);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  async read(uri: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.s3.pathOf(uri));
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR') || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  async copy(from: string, to: string): Promise<void> {
    await this.s3.upload(this.s3.pathOf(from), to);
  }

  async placeOf(uri: string): Promise<string> {
    const file = this.fileOf(uri);
    if (file === undefined) return uri;
    return realpath(file).catch(() => file);
  }

  fileOf(uri: string): string | undefined {
    return uri.startsWith('s3://') ? this.s3.pathOf(uri) : undefined;
  }

  async #writeBeside(
    uri: string,
    bytes: Uint8Array,
    giveName: (file: string, name: string) => Promise<void>,
  ): Promise<void> {
    const place = this.s3.pathOf(uri);
    const temporary = join(dirname(place), `.${randomUUID()}`);
    await mkdir(dirname(place), { recursive: true });
    try {
      await writeFile(temporary, bytes);
      await giveName(temporary, place);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
