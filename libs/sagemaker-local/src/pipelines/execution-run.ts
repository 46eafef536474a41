/**
 * One attempt to bring a pipeline execution to its end: begins where the attempt before it ended, runs one step after another, and
 * writes down what it did before it goes on.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { arnOf } from '../control-plane/arn';
import { OperationInput } from '../control-plane/operation';
import { allHold } from './condition';
import { sha256 } from './content-hash';
import { AttemptRecord, executionArn, ExecutionRecord, ExecutionRecords, StepRecord } from './execution-record';
import { JobError } from './job-folder';
import { JobLog, jobLogFile } from './job-log';
import { JobKind, JobRecord, nowSeconds, OWNER_IS_GONE } from './job-record';
import { isList, JsonObject, JsonValue, member, objectsOf, textMember } from './json';
import { allSteps, ExecutionVariable, PipelineDefinition, StepDefinition } from './pipeline-definition';
import { describeProcessingJob, planProcessingJob } from './processing-job';
import { BadReferenceError, resolveMembers, ValueSource } from './reference';
import { causeOf, StopCause } from './run-container';
import { faultOf, JobHost, runJob } from './run-job';
import { StepCache } from './step-cache';
import { describeTrainingJob, planTrainingJob } from './training-job';

/** How soon a wish to stop, written by another process, is heeded. */
const STOP_CHECK_MS = 200;

export interface ExecutionHost {
  readonly jobs: JobHost;
  readonly records: ExecutionRecords;
  readonly cache: StepCache;
  /** An operation of another part of the control plane. */
  readonly call: (operation: string, input: OperationInput) => Promise<object>;
}

/** What becomes of a step, beside its name and times. */
type StepEnd = Pick<StepRecord, 'status'> & Partial<StepRecord>;

export class ExecutionRun {
  readonly #stopping = new AbortController();
  readonly #steps = new Map<string, StepRecord>();
  readonly #definitions: ReadonlyMap<string, StepDefinition>;

  constructor(
    private readonly host: ExecutionHost,
    private readonly execution: ExecutionRecord,
    private readonly attempt: AttemptRecord,
    private readonly definition: PipelineDefinition,
  ) {
    this.#definitions = new Map(allSteps(definition.steps).map((step) => [step.name, step]));
  }

  stop(cause: StopCause): void {
    this.#stopping.abort(cause);
  }

  /** Never rejects: how it ended is in the attempt's record. */
  async run(): Promise<void> {
    const over = new AbortController();
    const watching = this.#watchForStop(over.signal);
    let end: Pick<AttemptRecord, 'status' | 'failureReason'>;
    try {
      await this.host.jobs.records.removeRemains();
      end = await this.#runSteps();
    } catch (error) {
      end = { status: 'Failed', failureReason: this.#faultOf(error) };
    }
    over.abort();
    await watching;
    await this.host.records.finish(this.execution.id, { ...this.attempt, ...end, endTime: nowSeconds() });
  }

  async #watchForStop(over: AbortSignal): Promise<void> {
    const { id } = this.execution;
    while (!over.aborted) {
      if (await this.host.records.isStopRequested(id, this.attempt.number).catch(() => false)) this.stop('stopped');
      await sleep(STOP_CHECK_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }

  async #runSteps(): Promise<Pick<AttemptRecord, 'status' | 'failureReason'>> {
    for (const step of await this.host.records.readSteps(this.execution.id)) this.#steps.set(step.name, step);
    await this.#checkKeptSteps();
    const isDone = (name: string): boolean => this.#steps.get(name)?.status === 'Succeeded';
    const pending = [...this.definition.steps];
    while (pending.length > 0) {
      const index = pending.findIndex((each) => each.needs.every(isDone));
      const [step] = pending.splice(index, 1);
      if (index < 0 || step === undefined) throw new Error('steps wait for each other'); // refused when it was read
      if (!isDone(step.name)) {
        if (this.#stopping.signal.aborted) return this.#stopped();
        await this.#runStep(step);
      }
      const record = this.#steps.get(step.name);
      if (record?.status === 'Stopped') return this.#stopped();
      if (record?.status !== 'Succeeded') {
        return {
          status: 'Failed',
          failureReason: `Step ${step.name} failed: ${record?.failureReason ?? 'no reason is known'}`,
        };
      }
      if (step.type === 'Condition') {
        pending.splice(index, 0, ...(record.outcome === 'True' ? step.ifSteps : step.elseSteps));
      }
    }
    return { status: 'Succeeded' };
  }

  #stopped(): Pick<AttemptRecord, 'status' | 'failureReason'> {
    return causeOf(this.#stopping.signal) === 'interrupted'
      ? { status: 'Stopped', failureReason: OWNER_IS_GONE }
      : { status: 'Stopped' };
  }

  /** What earlier attempts finished is built upon, so it must still be what it was. */
  async #checkKeptSteps(): Promise<void> {
    for (const { name, status, job } of this.#steps.values()) {
      if (status !== 'Succeeded' || job === undefined) continue;
      const record = await this.host.jobs.records.read(job.kind, job.name);
      if (record === undefined || !(await this.host.jobs.records.isIntact(record))) {
        throw new JobError(`What step ${name} wrote is gone or was changed since. Start a new execution.`);
      }
    }
  }

  async #runStep(step: StepDefinition): Promise<void> {
    const { id } = this.execution;
    const attemptCount = (this.#steps.get(step.name)?.attemptCount ?? 0) + 1;
    let record: StepRecord = { name: step.name, status: 'Executing', startTime: nowSeconds(), attemptCount };
    const update = async (changes: Partial<StepRecord>): Promise<void> => {
      record = { ...record, ...changes };
      await this.host.records.writeStep(id, record);
    };
    let end: StepEnd;
    try {
      await update({});
      const content = await resolveMembers(step.arguments, this.#values);
      end = await this.#perform(step, content, update);
    } catch (error) {
      end = { status: 'Failed', failureReason: this.#faultOf(error) };
    }
    record = { ...record, ...end, endTime: nowSeconds() };
    this.#steps.set(step.name, record);
    await this.host.records.finishStep(id, record);
  }

  async #perform(
    step: StepDefinition,
    content: JsonObject,
    update: (changes: Partial<StepRecord>) => Promise<void>,
  ): Promise<StepEnd> {
    switch (step.type) {
      case 'Training':
        return this.#runJobStep(step, 'training-job', content, update);
      case 'Processing':
        return this.#runJobStep(step, 'processing-job', content, update);
      case 'Condition': {
        const conditions = content['Conditions'];
        return { status: 'Succeeded', outcome: isList(conditions) && allHold(conditions) ? 'True' : 'False' };
      }
      case 'RegisterModel':
        return this.#register(step, content);
      case 'Fail': {
        const errorMessage = textMember(content, 'ErrorMessage') ?? JSON.stringify(content['ErrorMessage']);
        return { status: 'Failed', errorMessage, failureReason: errorMessage };
      }
    }
  }

  /** The token is the same in every attempt, so that a version is registered once, whenever this process is killed. */
  async #register(step: StepDefinition, content: JsonObject): Promise<StepEnd> {
    const token = `${this.execution.id}-${sha256(step.name).slice(0, 20)}`;
    const answer = await this.host.call('CreateModelPackage', { ...content, ClientToken: token });
    const modelPackageArn = textMember(answer, 'ModelPackageArn');
    if (modelPackageArn === undefined) throw new JobError('CreateModelPackage did not say what it registered.');
    return { status: 'Succeeded', modelPackageArn };
  }

  async #runJobStep(
    step: StepDefinition,
    kind: JobKind,
    content: JsonObject,
    update: (changes: Partial<StepRecord>) => Promise<void>,
  ): Promise<StepEnd> {
    const { cache, jobs } = this.host;
    const { id, pipeline } = this.execution;
    const keyOf = (): Promise<string> => cache.keyOf(pipeline, step.name, kind, content);
    const key = step.cache === undefined ? undefined : await keyOf();
    if (step.cache !== undefined && key !== undefined) {
      const hit = await cache.find(key, kind, step.cache);
      if (hit !== undefined) {
        return { status: 'Succeeded', job: { kind, name: hit.job.name }, cacheSource: hit.execution };
      }
    }
    const name = jobName(id, step.name);
    await update({ job: { kind, name } });
    const plan = kind === 'training-job' ? planTrainingJob : planProcessingJob;
    const job = await runJob(plan(name, content, jobs), jobs, this.#stopping.signal);
    if (job.status !== 'Completed') return stepEndOf(job);
    if (key !== undefined) {
      if ((await keyOf()) === key) await cache.remember(key, pipeline, id, step.name, job);
      else await this.#warnOfChange(job);
    }
    return { status: 'Succeeded' };
  }

  async #warnOfChange(job: JobRecord): Promise<void> {
    const warning =
      'The input data changed while the job ran: the result is used in this execution, but no later one will take it over.';
    const log = new JobLog(jobLogFile(this.host.jobs.state, job.kind, job.name));
    log.write(`[warning] ${warning}`);
    log.close();
    await this.host.jobs.records.write({ ...job, warning });
  }

  readonly #values: ValueSource = {
    parameter: (name) => {
      const value = this.execution.parameters[name];
      if (value === undefined) throw new BadReferenceError(`there is no parameter ${name}`);
      return value;
    },
    execution: (name) => {
      const { id, pipeline, creationTime } = this.execution;
      const values: Record<ExecutionVariable, string> = {
        PipelineExecutionId: id,
        PipelineExecutionArn: executionArn({ pipeline, id }),
        PipelineName: pipeline,
        PipelineArn: arnOf('pipeline', pipeline),
        StartDateTime: new Date(creationTime * 1000).toISOString(),
        CurrentDateTime: new Date().toISOString(),
      };
      const found = Object.entries(values).find(([each]) => each === name);
      if (found === undefined) throw new BadReferenceError(`there is no Execution.${name}`);
      return found[1];
    },
    properties: (name) => this.#propertiesOf(name),
    propertyFile: async (name, fileName) => {
      const file = this.#definitions.get(name)?.propertyFiles.find((each) => each.name === fileName);
      const outputs = (await this.#propertiesOf(name))['ProcessingOutputConfig'];
      const output = objectsOf(member(outputs, 'Outputs')).find((each) => each['OutputName'] === file?.outputName);
      const uri = textMember(output, 'S3Output', 'S3Uri');
      if (file === undefined || uri === undefined) throw new BadReferenceError(`step ${name} has no file ${fileName}`);
      const path = join(this.host.jobs.s3.pathOf(uri), ...file.filePath.split('/'));
      try {
        return JSON.parse(await readFile(path, 'utf8')) as JsonValue; // whatever JSON.parse gives
      } catch (error) {
        throw new BadReferenceError(
          `the property file ${fileName} of step ${name} (${file.filePath}) cannot be read: ${(error as Error).message}`, // fs and JSON throw errors
        );
      }
    },
  };

  async #propertiesOf(name: string): Promise<JsonObject> {
    const { job, modelPackageArn, outcome } = this.#steps.get(name) ?? {};
    if (job === undefined) return { ModelPackageArn: modelPackageArn, Outcome: outcome };
    const record = await this.host.jobs.records.read(job.kind, job.name);
    if (record === undefined) throw new BadReferenceError(`the record of the job ${job.name} is gone`);
    return job.kind === 'training-job' ? describeTrainingJob(record) : describeProcessingJob(record);
  }

  #faultOf(error: unknown): string {
    if (error instanceof BadReferenceError) return `A value cannot be found: ${error.message}.`;
    if (error instanceof TypeError) return error.message;
    return faultOf(error, this.host.jobs.state);
  }
}

function stepEndOf({ status, failureReason, phases }: JobRecord): StepEnd {
  const isStopped = status === 'Stopped' && phases.at(-1)?.phase === 'Stopped';
  return {
    status: isStopped ? 'Stopped' : 'Failed',
    ...(failureReason === undefined ? {} : { failureReason }),
  };
}

/** At most 63 characters, like SageMaker's, and new for every attempt, so that nothing of an interrupted job is mixed with the next one's. */
function jobName(execution: string, step: string): string {
  return `pipelines-${execution}-${step.replaceAll('_', '-').slice(0, 29)}-${randomBytes(5).toString('hex')}`;
}
