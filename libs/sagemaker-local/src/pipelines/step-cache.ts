/**
 * Which job has already done what a step asks for. Like SageMaker, it compares the attributes of a job that decide its result; unlike
 * SageMaker, which looks no further, it also compares what lies at the inputs' URIs, the program, and whether the results are still
 * what the job wrote: on one's own machine a folder of photos changes under the same name all the time.
 */
import { LocalS3, StateFolder } from '../state';
import { ContentHasher, sha256 } from './content-hash';
import { JobKind, JobRecord, JobRecords } from './job-record';
import { canonicalJson, JsonObject, objectsOf, textMember } from './json';
import { StepDefinition } from './pipeline-definition';

/** "Default cache key attributes by pipeline step type" in SageMaker's documentation: where results go is not among them. */
const ATTRIBUTES: Readonly<Record<JobKind, readonly string[]>> = {
  'training-job': [
    'AlgorithmSpecification',
    'CheckpointConfig',
    'DebugHookConfig',
    'DebugRuleConfigurations',
    'Environment',
    'HyperParameters',
    'InputDataConfig',
  ],
  'processing-job': ['AppSpecification', 'Environment', 'ProcessingInputs'],
};

interface CacheEntry {
  readonly pipeline: string;
  readonly execution: string;
  readonly step: string;
  readonly job: string;
  /** Seconds since 1970. */
  readonly endTime: number;
}

export class StepCache {
  #program: Promise<string> | undefined;

  constructor(
    private readonly state: StateFolder,
    private readonly s3: LocalS3,
    private readonly hasher: ContentHasher,
    private readonly jobs: JobRecords,
    /**
     * Files and folders that make up the program. Their content says more than a version, which stays the same while one works on the
     * code; a `CodeVersion` counts where a definition hands it to the job, as on SageMaker.
     */
    private readonly programFiles: readonly string[],
  ) {}

  /** The same for the same work on the same data. Reads all inputs, or what is remembered of them. */
  async keyOf(pipeline: string, step: string, kind: JobKind, request: JsonObject): Promise<string> {
    const inputs: Record<string, string> = {};
    for (const uri of inputUris(request)) inputs[uri] = (await this.hasher.hash(this.s3.pathOf(uri))) ?? 'nothing';
    const attributes = Object.fromEntries(ATTRIBUTES[kind].map((name) => [name, request[name]]));
    const program = await (this.#program ??= this.#hashProgram());
    return sha256(canonicalJson({ pipeline, step, kind, attributes, inputs, program }));
  }

  /** The latest job with that key, and the execution that it ran in, when it is young enough and its results are intact. */
  async find(
    key: string,
    kind: JobKind,
    { expireAfterMs = Infinity }: NonNullable<StepDefinition['cache']>,
  ): Promise<{ readonly job: JobRecord; readonly execution: string } | undefined> {
    const entry = await this.state.read<CacheEntry>('step-cache', `${key}.json`);
    if (entry === undefined || Date.now() - entry.endTime * 1000 > expireAfterMs) return undefined;
    const job = await this.jobs.read(kind, entry.job);
    return job !== undefined && (await this.jobs.isIntact(job)) ? { job, execution: entry.execution } : undefined;
  }

  async remember(key: string, pipeline: string, execution: string, step: string, job: JobRecord): Promise<void> {
    const entry: CacheEntry = { pipeline, execution, step, job: job.name, endTime: job.endTime ?? job.creationTime };
    await this.state.write(entry, 'step-cache', `${key}.json`);
  }

  async #hashProgram(): Promise<string> {
    const hashes = await Promise.all(this.programFiles.map((path) => this.hasher.hash(path)));
    return sha256(`${process.version}\n${hashes.join('\n')}`);
  }
}

function inputUris(request: JsonObject): string[] {
  const uris = [
    ...objectsOf(request['InputDataConfig']).map((channel) =>
      textMember(channel, 'DataSource', 'S3DataSource', 'S3Uri'),
    ),
    ...objectsOf(request['ProcessingInputs']).map((input) => textMember(input, 'S3Input', 'S3Uri')),
  ];
  return uris.filter((uri) => uri !== undefined);
}
