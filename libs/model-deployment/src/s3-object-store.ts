import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from './object-store.port';

const URI = /^s3:\/\/([^/]+)\/(.+)$/;

/** Amazon S3. One copy call, which S3 takes up to 5 GB: a model package of this product has some 10 MB. */
export class S3ObjectStore implements ObjectStore {
  constructor(private readonly s3: S3Client) {}

  async copy(fromUri: string, toUri: string): Promise<void> {
    const from = parse(fromUri);
    const to = parse(toUri);
    const source = [from.bucket, ...from.key.split('/')].map(encodeURIComponent).join('/');
    await this.s3.send(new CopyObjectCommand({ CopySource: source, Bucket: to.bucket, Key: to.key }));
  }
}

function parse(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = URI.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new RangeError(`"${uri}" does not name an object in S3`);
  return { bucket, key };
}
