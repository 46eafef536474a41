/** Empties, copies and deletes buckets. */
import {
  _Object,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { isMissing } from '../aws-problems';

/** Every version of every object; gives how many there were. A bucket that is not there is empty. */
export async function emptyBucket(s3: S3Client, bucket: string): Promise<number> {
  let deleted = 0;
  try {
    // What has been deleted is not listed again: every page is the first one. It holds 1,000, as many as DeleteObjects takes.
    for (;;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      if (versions.length === 0) return deleted;
      const Objects = versions.map(({ Key = '', VersionId = '' }) => ({ Key, VersionId }));
      const answer = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
      const [fault] = answer.Errors ?? [];
      if (fault !== undefined) {
        throw new CommandError(
          `${fault.Key ?? ''} in ${bucket} cannot be deleted: ${fault.Message ?? fault.Code ?? ''}`,
        );
      }
      deleted += versions.length;
    }
  } catch (error) {
    if (isMissing(error)) return deleted;
    throw error;
  }
}

export async function deleteBucket(s3: S3Client, bucket: string): Promise<void> {
  await emptyBucket(s3, bucket);
  try {
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export interface Exported {
  readonly files: number;
  readonly bytes: number;
}

/** Copies what a bucket holds, in its newest versions, into a folder; what is there in its full size stays. */
export async function exportBucket(s3: S3Client, bucket: string, folder: string): Promise<Exported> {
  let [files, bytes] = [0, 0];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
    for (const object of Contents) {
      if (object.Key === undefined || object.Key.endsWith('/')) continue;
      await exportObject(s3, bucket, object, placeOf(object.Key, folder));
      files += 1;
      bytes += object.Size ?? 0;
    }
  }
  return { files, bytes };
}

/** Keys are other people's: none leads out of the folder. */
function placeOf(key: string, folder: string): string {
  const file = resolve(folder, ...key.split('/').filter((part) => part !== '..' && part !== '.' && part !== ''));
  if (!file.startsWith(resolve(folder) + sep)) throw new CommandError(`The key "${key}" cannot be the name of a file.`);
  return file;
}

async function exportObject(s3: S3Client, bucket: string, { Key, Size }: _Object, file: string): Promise<void> {
  const present = await stat(file).catch(() => undefined);
  if (present?.size === Size) return;
  await mkdir(dirname(file), { recursive: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  await pipeline(Body as Readable, createWriteStream(file)); // in Node it is one
  const written = (await stat(file)).size;
  if (written !== Size)
    throw new CommandError(`${join(bucket, Key ?? '')} was not copied whole: ${written} of ${Size ?? 0} bytes.`);
}
