/** Dataset versions in the data bucket: `datasets/<name>/<version>/`, whole when their manifest is there. */
import { DATASET_MANIFEST_FILE, DATASETS_PREFIX } from '@app/contracts/dataset';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

const MANIFEST_KEY = new RegExp(`^${DATASETS_PREFIX}[^/]+/[^/]+/${DATASET_MANIFEST_FILE.replace('.', '\\.')}$`);

export function isManifestKey(key: string): boolean {
  return MANIFEST_KEY.test(key);
}

export class DatasetVersions {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  /** Undefined when it was deleted. */
  async manifest(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /** Key of the manifest that was written last; undefined when there is none. Photos are not listed: there may be many. */
  async newestManifestKey(): Promise<string | undefined> {
    let newest: { readonly key: string; readonly written: Date } | undefined;
    for await (const dataset of this.#folders(DATASETS_PREFIX)) {
      for await (const version of this.#folders(dataset)) {
        const key = `${version}${DATASET_MANIFEST_FILE}`;
        const written = await this.#written(key);
        if (written !== undefined && (newest === undefined || written > newest.written)) newest = { key, written };
      }
    }
    return newest?.key;
  }

  async *#folders(prefix: string): AsyncGenerator<string> {
    const request = { Bucket: this.bucket, Prefix: prefix, Delimiter: '/' };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.s3 }, request)) {
      for (const { Prefix } of CommonPrefixes) if (Prefix !== undefined) yield Prefix;
    }
  }

  /** A list and no HEAD, which needs permission to read what may not be there. */
  async #written(key: string): Promise<Date | undefined> {
    const { Contents: [found] = [] } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: this.bucket, Prefix: key, MaxKeys: 1 }),
    );
    return found?.Key === key ? found.LastModified : undefined;
  }
}
