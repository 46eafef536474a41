/** The life of a job, from its folder to its results in S3, written down as it goes. What a kind of job needs is its `JobPlan`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeExit, Environment } from '../managed-process';
import { hasCode, LocalS3, StateFolder } from '../state';
import { ContentHasher } from './content-hash';
import { JobError, JobFolder } from './job-folder';
import { JobLog, jobLogFile } from './job-log';
import {
  JobKind,
  JobPhase,
  JobRecord,
  JobRecords,
  JobStatus,
  nowSeconds,
  OWNER_IS_GONE,
  removeContainerFolder,
} from './job-record';
import { JsonObject, numberMember, textsOf } from './json';
import { ownIdentity } from './process-identity';
import { ContainerEnd, runContainer } from './run-container';

/** What all jobs share. */
export interface JobHost {
  readonly state: StateFolder;
  readonly s3: LocalS3;
  readonly hasher: ContentHasher;
  readonly records: JobRecords;
  /** The program of the container, without `train` or `evaluate`. */
  readonly command: readonly [script: string, ...parameters: string[]];
  /** What every container gets: PATH and the like. */
  readonly environment: Environment;
  readonly stopGraceMs: number;
}

export interface JobPlan {
  readonly kind: JobKind;
  readonly name: string;
  readonly request: JsonObject;
  readonly command: readonly [script: string, ...parameters: string[]];
  /** Variables that SageMaker sets, beside those of the request. */
  readonly environment: Environment;
  readonly metrics: readonly { readonly name: string; readonly expression: RegExp }[];
  prepare(folder: JobFolder): Promise<void>;
  /** Why the container failed, in its own words, when it left some. */
  failure(folder: JobFolder): Promise<string | undefined>;
  exitMessage(folder: JobFolder): Promise<string | undefined>;
  /** Brings the results to S3; the URIs. */
  upload(folder: JobFolder): Promise<readonly string[]>;
}

/** SageMaker's default. */
const MAX_RUNTIME_SECONDS = 24 * 60 * 60;

/** Never rejects but when the first record cannot be written; the record that it answers says how the job ended. */
export async function runJob(plan: JobPlan, host: JobHost, stopping: AbortSignal): Promise<JobRecord> {
  const job = await RunningJob.begin(plan, host);
  const jobFolder = host.records.folder(plan.kind, plan.name);
  const log = new JobLog(jobLogFile(host.state, plan.kind, plan.name));
  try {
    const folder = new JobFolder(join(jobFolder, 'ml'), host.s3);
    await job.enter('Downloading');
    await mkdir(folder.base);
    await plan.prepare(folder);
    await job.enter('Training', { startTime: nowSeconds() });
    const end = await runContainer({
      command: plan.command,
      environment: {
        ...host.environment,
        ...textsOf(plan.request['Environment']),
        ...plan.environment,
        SAGEMAKER_BASE_DIR: folder.base,
      },
      log,
      onLine: (line) => job.findMetrics(line),
      maxRuntimeMs: maxRuntimeSeconds(plan) * 1000,
      stopGraceMs: host.stopGraceMs,
      stopping,
    });
    await job.ended(end, folder);
  } catch (error) {
    const fault = faultOf(error, host.state);
    log.write(fault);
    // First, so that there is space for the record when the disk is full.
    await removeContainerFolder(jobFolder);
    await job.leave('Failed', 'Failed', fault).catch(() => undefined);
  } finally {
    log.close();
    await removeContainerFolder(jobFolder);
  }
  return job.record;
}

class RunningJob {
  #record: JobRecord;
  readonly #metrics = new Map<string, { name: string; value: number; time: number }>();

  private constructor(
    private readonly plan: JobPlan,
    private readonly host: JobHost,
    record: JobRecord,
  ) {
    this.#record = record;
  }

  static async begin(plan: JobPlan, host: JobHost): Promise<RunningJob> {
    const { kind, name, request } = plan;
    const now = nowSeconds();
    const job = new RunningJob(plan, host, {
      kind,
      name,
      owner: await ownIdentity(),
      request,
      status: 'InProgress',
      phases: [{ phase: 'Starting', start: now }],
      creationTime: now,
      metrics: [],
      outputs: {},
    });
    await host.records.write(job.record);
    return job;
  }

  get record(): JobRecord {
    return this.#record;
  }

  findMetrics(line: string): void {
    for (const { name, expression } of this.plan.metrics) {
      const value = Number(expression.exec(line)?.[1] ?? NaN);
      if (Number.isFinite(value)) this.#metrics.set(name, { name, value, time: nowSeconds() });
    }
  }

  async enter(phase: JobPhase, changes: Partial<JobRecord> = {}): Promise<void> {
    const now = nowSeconds();
    const phases = this.#record.phases.map((each) => ({ end: now, ...each }));
    this.#record = { ...this.#record, ...changes, phases: [...phases, { phase, start: now }] };
    await this.host.records.write(this.#record);
  }

  /** The last record of the job; it is in memory even when it cannot be written. */
  async leave(status: JobStatus, phase: JobPhase, reason?: string, changes: Partial<JobRecord> = {}): Promise<void> {
    await this.enter(phase, {
      status,
      endTime: nowSeconds(),
      metrics: [...this.#metrics.values()],
      ...(reason === undefined ? {} : { failureReason: reason.slice(0, 1024) }),
      ...changes,
    });
  }

  async ended(end: ContainerEnd, folder: JobFolder): Promise<void> {
    const exitMessage = await this.plan.exitMessage(folder);
    if (exitMessage !== undefined) this.#record = { ...this.#record, exitMessage };
    switch (end.how) {
      case 'stopped':
        return this.leave('Stopped', 'Stopped');
      case 'interrupted':
        return this.leave('Stopped', 'Stopped', OWNER_IS_GONE);
      case 'time-limit':
        return this.leave(
          'Stopped',
          'MaxRuntimeExceeded',
          `It ran longer than its time limit of ${maxRuntimeSeconds(this.plan)} s (MaxRuntimeInSeconds).`,
        );
      case 'exit': {
        if (end.exit.code !== 0) {
          return this.leave(
            'Failed',
            'Failed',
            (await this.plan.failure(folder)) ?? end.exit.lastError ?? describeExit(end.exit),
          );
        }
        await this.enter('Uploading');
        const outputs: Record<string, string> = {};
        for (const uri of await this.plan.upload(folder)) {
          const hash = await this.host.hasher.hash(this.host.s3.pathOf(uri));
          if (hash !== undefined) outputs[uri] = hash;
        }
        return this.leave('Completed', 'Completed', undefined, { outputs });
      }
    }
  }
}

/** What went wrong, in a sentence for whoever runs the pipeline. */
export function faultOf(error: unknown, state: StateFolder): string {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
    return `There is no space left on the disk that holds ${state.root}. Make space, then retry the execution.`;
  }
  if (error instanceof JobError) return error.message;
  return String(error);
}

function maxRuntimeSeconds({ request }: JobPlan): number {
  return numberMember(request, 'StoppingCondition', 'MaxRuntimeInSeconds') ?? MAX_RUNTIME_SECONDS;
}
