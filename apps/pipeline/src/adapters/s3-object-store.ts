/** Objects in an S3 bucket. What is there under the same content hash is not uploaded again. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DATASET_MANIFEST_FILE, DATASETS_PREFIX } from '@app/contracts/dataset';
import { NOTHING_FILE } from '@app/contracts/learning';
import { NOTHING_TEXT } from '@app/contracts/pipeline';
import { readFile } from 'node:fs/promises';
import { types } from 'node:util';
import { basename, relative, resolve, sep } from 'node:path';
import { CommandError } from '../command.error';
import { ObjectStore } from '../storage/object-store.port';
import { forEachAtOnce } from '../storage/for-each-at-once';
import { contentHash, listHash, prefixName, sha256 } from '../storage/prefix-name';
import { visibleFiles } from '../storage/visible-files';
import { CalledService, explain, isMissing, statusOf } from './sagemaker-problems';

/** Photos are small: what limits is the way to S3 and back, not the bandwidth. */
const FILES_AT_ONCE = 16;
const SENTENCE_EVERY_FILES = 100;
const CONFLICT = 409;
const PRECONDITION_FAILED = 412;
const MAX_ATTEMPTS = 5;
const URI = /^s3:\/\/([^/]+)\/(.*)$/;

interface SourceFile {
  readonly path: string;
  /** Below the folder, with slashes. */
  readonly name: string;
  readonly hash: string;
  readonly bytes: number;
}

export class S3ObjectStore implements ObjectStore {
  readonly root: string;
  readonly dataRoot: string;

  constructor(
    private readonly s3: S3Client,
    private readonly service: CalledService,
    private readonly bucket: string,
    private readonly dataBucket = bucket,
  ) {
    this.root = `s3://${bucket}`;
    this.dataRoot = `s3://${dataBucket}`;
  }

  /** Without the manifest of a dataset version: whoever uploads the photos starts something with them himself. */
  async provideFolder(folder: string, onProgress: (sentence: string) => void): Promise<string> {
    const files = (await hashedFiles(resolve(folder))).filter(({ name }) => name !== DATASET_MANIFEST_FILE);
    const hash = listHash(files.map(({ name, hash }) => [name, hash]));
    const key = `${DATASETS_PREFIX}${prefixName(basename(resolve(folder)))}/${hash}/`;
    const there = await this.#sizes(key, this.dataBucket);
    const missing = files.filter(({ name, bytes }) => there.get(`${key}${name}`) !== bytes);
    const prefix = `${this.dataRoot}/${key}`;
    if (missing.length === 0) onProgress(`${folder}: all ${files.length} files are at ${prefix} already`);
    let done = 0;
    await forEachAtOnce(missing, FILES_AT_ONCE, async ({ path, name }) => {
      await this.#put(`${key}${name}`, await readFile(path), this.dataBucket);
      done += 1;
      if (done % SENTENCE_EVERY_FILES === 0 || done === missing.length) {
        onProgress(`${folder}: ${done} of ${missing.length} files uploaded to ${prefix}`);
      }
    });
    return prefix;
  }

  async provideFiles(kind: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    const key = `${kind}/${contentHash(files)}/`;
    const there = await this.#sizes(key);
    for (const [name, bytes] of files) {
      if (there.get(`${key}${name}`) !== bytes.length) await this.#put(`${key}${name}`, bytes);
    }
    return `${this.root}/${key}`;
  }

  async markEmpty(prefix: string): Promise<void> {
    if (await this.holdsSomething(prefix)) return;
    await this.#put(`${parse(prefix).key}${NOTHING_FILE}`, Buffer.from(NOTHING_TEXT));
  }

  async holdsSomething(prefix: string): Promise<boolean> {
    const { bucket, key } = parse(prefix);
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 });
    return ((await this.#explained(this.s3.send(command), bucket)).KeyCount ?? 0) > 0;
  }

  async list(prefix: string): Promise<readonly string[]> {
    const { bucket, key } = parse(prefix);
    const sizes = await this.#sizes(key, bucket);
    return [...sizes.keys()].map((name) => `s3://${bucket}/${name}`).sort();
  }

  async write(uri: string, bytes: Uint8Array): Promise<void> {
    const { bucket, key } = parse(uri);
    await this.#put(key, bytes, bucket);
  }

  async create(uri: string, bytes: Uint8Array): Promise<boolean> {
    const { bucket, key } = parse(uri);
    for (let attempt = 1; ; attempt += 1) {
      const condition = { IfNoneMatch: '*' };
      try {
        await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ...condition }));
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === PRECONDITION_FAILED) return false;
        // Somebody else is creating it right now; S3 asks to try again.
        if (status !== CONFLICT || attempt === MAX_ATTEMPTS) throw this.#explain(error, bucket);
      }
    }
  }

  async read(uri: string): Promise<Uint8Array | undefined> {
    const { bucket, key } = parse(uri);
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw this.#explain(error, bucket);
    }
  }

  placeOf(uri: string): Promise<string> {
    return Promise.resolve(uri);
  }

  fileOf(): undefined {
    return undefined;
  }

  async #put(key: string, body: Uint8Array, bucket = this.bucket): Promise<void> {
    await this.#explained(this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })), bucket);
  }

  async #sizes(prefix: string, bucket = this.bucket): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    const pages = paginateListObjectsV2({ client: this.s3 }, { Bucket: bucket, Prefix: prefix });
    try {
      for await (const { Contents = [] } of pages) for (const { Key = '', Size = -1 } of Contents) sizes.set(Key, Size);
    } catch (error) {
      throw this.#explain(error, bucket);
    }
    return sizes;
  }

  async #explained<T>(call: Promise<T>, bucket: string): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw this.#explain(error, bucket);
    }
  }

  /** Buckets come from several options: the sentence says which one is meant. */
  #explain(error: unknown, bucket: string): unknown {
    if (!types.isNativeError(error) || error.name !== 'NoSuchBucket') return explain(this.service, error);
    const where = bucket === this.bucket ? '--bucket (or PIPELINE_BUCKET)' : `the option with s3://${bucket}/`;
    return new CommandError(`The bucket ${bucket} does not exist. Check ${where} and the region.`, undefined, {
      cause: error,
    });
  }
}

function parse(uri: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = URI.exec(uri) ?? [];
  return { bucket, key };
}

async function hashedFiles(folder: string): Promise<SourceFile[]> {
  const paths = (await visibleFiles(folder)).sort();
  const files: SourceFile[] = [];
  await forEachAtOnce(paths, FILES_AT_ONCE, async (path) => {
    const bytes = await readFile(path);
    const name = relative(folder, path).split(sep).join('/');
    files.push({ path, name, hash: sha256(bytes), bytes: bytes.length });
  });
  return files;
}
