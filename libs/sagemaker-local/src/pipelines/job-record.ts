/** Records of training and processing jobs. A record is written by the process that runs the job, and read by anybody. */
import { readdir, rm } from 'node:fs/promises';
import { ResourceType } from '../control-plane/arn';
import { LocalS3, StateFolder } from '../state';
import { ContentHasher } from './content-hash';
import { JsonObject } from './json';
import { isRunning, ProcessIdentity } from './process-identity';

export type JobKind = Extract<ResourceType, 'training-job' | 'processing-job'>;
export type JobStatus = 'InProgress' | 'Stopping' | 'Completed' | 'Failed' | 'Stopped';

/** What a training job's `SecondaryStatus` says. */
export type JobPhase =
  | 'Starting'
  | 'Downloading'
  | 'Training'
  | 'Stopping'
  | 'Uploading'
  | 'Completed'
  | 'Failed'
  | 'Stopped'
  | 'MaxRuntimeExceeded';

/** Times are in seconds since 1970, as on the wire. */
export interface JobRecord {
  readonly kind: JobKind;
  readonly name: string;
  readonly owner: ProcessIdentity;
  /** What `CreateTrainingJob` or `CreateProcessingJob` would have been called with. */
  readonly request: JsonObject;
  readonly status: JobStatus;
  readonly phases: readonly { readonly phase: JobPhase; readonly start: number; readonly end?: number }[];
  readonly creationTime: number;
  /** Of the container. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly failureReason?: string;
  readonly exitMessage?: string;
  /** Something that whoever uses the result should know. */
  readonly warning?: string;
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly time: number }[];
  /** What the job wrote: SHA-256 of the content by S3 URI. */
  readonly outputs: Readonly<Record<string, string>>;
}

export const OWNER_IS_GONE =
  'The process that ran it ended before it was finished. RetryPipelineExecution goes on with it.';

const KINDS: readonly JobKind[] = ['training-job', 'processing-job'];

export function nowSeconds(): number {
  return Date.now() / 1000;
}

export class JobRecords {
  constructor(
    private readonly state: StateFolder,
    private readonly s3: LocalS3,
    private readonly hasher: ContentHasher,
  ) {}

  /** Folder of the job; `ml` in it is the container's /opt/ml while it runs. */
  folder(kind: JobKind, name: string): string {
    return this.state.path(`${kind}s`, name);
  }

  async write(record: JobRecord): Promise<void> {
    await this.state.write(record, `${record.kind}s`, record.name, 'job.json');
  }

  /** A job whose process is gone is `Stopped`, whatever its record says. */
  async read(kind: JobKind, name: string): Promise<JobRecord | undefined> {
    const record = await this.state.read<JobRecord>(`${kind}s`, name, 'job.json');
    if (record?.status !== 'InProgress' || (await isRunning(record.owner))) return record;
    return { ...record, status: 'Stopped', failureReason: OWNER_IS_GONE };
  }

  /** Whether everything that a finished job wrote is still there, as it wrote it. */
  async isIntact({ status, outputs }: JobRecord): Promise<boolean> {
    if (status !== 'Completed') return false;
    for (const [uri, hash] of Object.entries(outputs)) {
      if ((await this.hasher.hash(this.s3.pathOf(uri))) !== hash) return false;
    }
    return true;
  }

  /** Removes what jobs left that were killed. Only links lead out of these folders, and those are not followed. */
  async removeRemains(): Promise<void> {
    for (const kind of KINDS) {
      for (const name of await this.state.list(`${kind}s`)) {
        const entries: string[] = await readdir(this.folder(kind, name)).catch(() => []);
        if (!entries.includes('ml')) continue;
        const record = await this.read(kind, name);
        if (record !== undefined && record.status !== 'InProgress')
          await removeContainerFolder(this.folder(kind, name));
      }
    }
  }
}

/** As a killed container may still be ending, what it writes meanwhile does not matter, nor does a folder that cannot be removed. */
export async function removeContainerFolder(jobFolder: string): Promise<void> {
  await rm(`${jobFolder}/ml`, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
