// Objects in a bucket, below a prefix. The only file of feedback that knows the AWS SDK.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { ObjectStore } from './object-store.port';

/** The first attempt and one more, each cut off early enough for the person to be told in time. */
const MAX_ATTEMPTS = 2;
const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 5000;

const CONFLICT = 409;
const PRECONDITION_FAILED = 412;
const MAX_CONFLICTS = 3;

export class S3ObjectStore extends ObjectStore implements OnApplicationShutdown {
  private readonly s3 = new S3Client({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });

  constructor(
    private readonly bucket: string,
    private readonly prefix: string,
  ) {
    super();
  }

  async create(key: string, bytes: Buffer): Promise<boolean> {
    const attempt = randomUUID();
    const condition = { IfNoneMatch: '*', Metadata: { attempt }, ContentType: contentTypeOf(key) };
    for (let left = MAX_CONFLICTS; ; left -= 1) {
      try {
        await this.s3.send(new PutObjectCommand({ ...this.place(key), ...condition, Body: bytes }));
        return true;
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        // It was removed while it was created; S3 asks to try again.
        if (status === CONFLICT && left > 0) continue;
        if (status !== PRECONDITION_FAILED) throw error;
        // The SDK tries again when an answer is lost, and then finds what its own first attempt wrote.
        const { Metadata: found } = await this.s3.send(new HeadObjectCommand(this.place(key)));
        return found?.['attempt'] === attempt;
      }
    }
  }

  async read(key: string): Promise<Buffer | undefined> {
    try {
      const { Body: body } = await this.s3.send(new GetObjectCommand(this.place(key)));
      return body === undefined ? undefined : Buffer.from(await body.transformToByteArray());
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async list(prefix: string): Promise<readonly string[]> {
    const { Bucket, Key } = this.place(prefix);
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.s3 }, { Bucket, Prefix: Key })) {
      keys.push(...Contents.map(({ Key = '' }) => Key.slice(this.prefix.length)));
    }
    return keys;
  }

  async remove(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand(this.place(key)));
  }

  onApplicationShutdown(): void {
    this.s3.destroy();
  }

  private place(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${key}` };
  }
}

function contentTypeOf(key: string): string {
  if (key.endsWith('.json')) return 'application/json';
  return key.endsWith('.jpg') ? 'image/jpeg' : 'application/octet-stream';
}
