/** Brings the source into the build bucket: one object, a version for each state, which bootstrap build and pipeline take. */
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { unlessMissing } from '../aws-problems';
import { Source } from './source-files';

/** Where CodeBuild's bootstrap project and, with `SourceProvider: S3`, the pipeline look. */
export const SOURCE_KEY = 'source/source.zip';

/** In the archive's own time, which has no zone: the same bytes everywhere. */
const ALWAYS = new Date(1980, 0, 1);

export function zipSource({ files }: Source): Promise<Buffer> {
  const archive = new ZipFile();
  for (const { path, isExecutable, content } of files) {
    archive.addBuffer(content, path, {
      mtime: ALWAYS,
      mode: isExecutable ? 0o100755 : 0o100644,
      forceDosTimestamp: true,
    });
  }
  archive.end();
  return buffer(archive.outputStream);
}

export interface UploadedSource {
  /** S3's name of this state of the object. */
  readonly versionId: string;
  /** As in {@link Source}; undefined for an object that these commands have not written. */
  readonly tree: string | undefined;
  readonly commit: string | undefined;
  readonly uploadedAt: Date;
}

/** What lies there now. */
export async function findUploadedSource(s3: S3Client, bucket: string): Promise<UploadedSource | undefined> {
  const head = await unlessMissing(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: SOURCE_KEY })));
  if (head === undefined) return undefined;
  return {
    versionId: head.VersionId ?? '',
    tree: head.Metadata?.['tree'],
    commit: head.Metadata?.['commit'],
    uploadedAt: head.LastModified ?? new Date(0),
  };
}

export interface Upload extends UploadedSource {
  /** False when the same files lay there already. */
  readonly isNew: boolean;
}

/** The same files are not uploaded again: each new version starts a pipeline that watches the object. */
export async function uploadSource(s3: S3Client, bucket: string, source: Source): Promise<Upload> {
  const there = await findUploadedSource(s3, bucket);
  if (there?.tree === source.tree) return { ...there, isNew: false };
  const Metadata = {
    tree: source.tree,
    ...(source.commit === undefined ? {} : { commit: source.commit }),
    // CodePipeline shows this beside a run: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
    'codepipeline-artifact-revision-summary': source.commit ?? `tree ${source.tree}`,
  };
  const Body = await zipSource(source);
  const { VersionId = '' } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: SOURCE_KEY, Body, ContentType: 'application/zip', Metadata }),
  );
  const uploaded = await findUploadedSource(s3, bucket);
  return {
    ...{ versionId: VersionId, tree: source.tree, commit: source.commit, isNew: true },
    uploadedAt: uploaded?.uploadedAt ?? new Date(),
  };
}
