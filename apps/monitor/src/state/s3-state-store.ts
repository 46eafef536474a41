import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { StateStore, StoredPart } from './state-store.port';

const EXTENSION = '.json';
const URI = /^s3:\/\/([^/]+)\/?(.*?)\/*$/;
/** Of one try; a state has a few megabytes. */
const TIMEOUT_MS = 10_000;

/** Keeps parts as objects below a prefix. S3 replaces an object as a whole, and every reader sees the new one then. */
export class S3StateStore extends StateStore {
  private readonly client = new S3Client({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  private readonly bucket: string;
  private readonly prefix: string;

  /** `s3://bucket/prefix` */
  constructor(uri: string) {
    super();
    const [, bucket = '', prefix = ''] = URI.exec(uri) ?? [];
    this.bucket = bucket;
    this.prefix = prefix === '' ? '' : `${prefix}/`;
  }

  async list(): Promise<readonly StoredPart[]> {
    const parts: StoredPart[] = [];
    const pages = paginateListObjectsV2(
      { client: this.client },
      { Bucket: this.bucket, Prefix: this.prefix, Delimiter: '/' },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', ETag = '' } of Contents) {
        if (Key.endsWith(EXTENSION))
          parts.push({ name: Key.slice(this.prefix.length, -EXTENSION.length), version: ETag });
      }
    }
    return parts;
  }

  async load(name: string): Promise<string | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.key(name) }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async save(name: string, text: string): Promise<string> {
    const object = { Bucket: this.bucket, Key: this.key(name), Body: text, ContentType: 'application/json' };
    const { ETag = '' } = await this.client.send(new PutObjectCommand(object));
    return ETag;
  }

  async setAside(name: string): Promise<string> {
    const key = `${this.key(name)}.damaged-${Date.now()}`;
    const source = `${this.bucket}/${encodeURIComponent(this.key(name))}`;
    await this.client.send(new CopyObjectCommand({ Bucket: this.bucket, Key: key, CopySource: source }));
    await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: this.key(name) }));
    return `s3://${this.bucket}/${key}`;
  }

  private key(name: string): string {
    return `${this.prefix}${name}${EXTENSION}`;
  }
}
