/**
 * SageMaker Pipelines on this machine, as operations of the control plane: pipelines, their executions, and the training and
 * processing jobs that these run. Executions that were started or retried here are run by this process; those of others can be
 * followed and stopped.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { arnOf, idOf } from '../control-plane/arn';
import { NAME, optionalText, PIPELINE_NAME, requiredText } from '../control-plane/input-members';
import { pageInOrder, pageOf } from '../control-plane/listing';
import { ControlPlaneService, OperationInput, Operations, SageMakerFault } from '../control-plane/operation';
import { Environment } from '../managed-process';
import { distFile } from '../places';
import { hasCode, LocalS3, StateFolder } from '../state';
import { ContentHasher, sha256 } from './content-hash';
import {
  AttemptRecord,
  executionArn,
  executionIdOf,
  ExecutionRecord,
  ExecutionRecords,
  StepRecord,
} from './execution-record';
import { ExecutionHost, ExecutionRun } from './execution-run';
import { JobKind, JobRecord, JobRecords, nowSeconds } from './job-record';
import { canonicalJson, isObject, JsonObject, textMember } from './json';
import { readParameterValues } from './parameters';
import { allSteps, PipelineDefinition, PipelineDefinitionError, readPipelineDefinition } from './pipeline-definition';
import { ownIdentity } from './process-identity';
import { describeProcessingJob } from './processing-job';
import { STOP_GRACE_MS } from './run-container';
import { faultOf } from './run-job';
import { StepCache } from './step-cache';
import { describeTrainingJob } from './training-job';

export interface PipelineServiceOptions {
  readonly state: StateFolder;
  /** Operations of the other parts of the control plane: `CreateModelPackage`. */
  readonly call: (operation: string, input: OperationInput) => Promise<object>;
  /** Of the calling process; containers get of it what programs need to run at all. */
  readonly environment: Environment;
  /** The container as a Node program, without `train` or `evaluate`; `apps/model` when absent. */
  readonly command?: readonly [script: string, ...parameters: string[]];
  /** What that program is made of: a cached step is repeated when it changed. */
  readonly programFiles?: readonly string[];
  /** Between SIGTERM and SIGKILL when a job is stopped. */
  readonly stopGraceMs?: number;
}

/** What the built `apps/model` is made of, with the packages and models that it brings. What is not there does not count. */
const PROGRAM_FILES = [
  'apps/model/src',
  ...['contracts', 'imaging', 'learning', 'onnx', 'platform'].map((lib) => `libs/${lib}/src`),
  '../package-lock.json',
  '../models',
].map(distFile);

const INHERITED_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'TZ', 'SystemRoot'];

interface PipelineRecord {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly roleArn: string;
  readonly definition: string;
  /** Seconds since 1970. */
  readonly creationTime: number;
  readonly lastModifiedTime: number;
}

export class PipelineService implements ControlPlaneService {
  readonly operations: Operations;
  readonly #state: StateFolder;
  readonly #s3: LocalS3;
  readonly #jobs: JobRecords;
  readonly #records: ExecutionRecords;
  readonly #host: ExecutionHost;
  readonly #running = new Map<string, { readonly run: ExecutionRun; readonly ended: Promise<void> }>();

  constructor(options: PipelineServiceOptions) {
    const { state, call, environment } = options;
    const s3 = new LocalS3(state);
    const hasher = new ContentHasher(state);
    this.#state = state;
    this.#s3 = s3;
    this.#jobs = new JobRecords(state, s3, hasher);
    this.#records = new ExecutionRecords(state);
    this.#host = {
      records: this.#records,
      cache: new StepCache(state, s3, hasher, this.#jobs, options.programFiles ?? PROGRAM_FILES),
      call,
      jobs: {
        state,
        s3,
        hasher,
        records: this.#jobs,
        command: options.command ?? [distFile('apps/model/src/main.js')],
        environment: Object.fromEntries(INHERITED_VARIABLES.map((name) => [name, environment[name]])),
        stopGraceMs: options.stopGraceMs ?? STOP_GRACE_MS,
      },
    };
    this.operations = this.#withSentences({
      CreatePipeline: (input) => this.#createPipeline(input),
      UpdatePipeline: (input) => this.#updatePipeline(input),
      DescribePipeline: (input) => this.#describePipeline(input),
      ListPipelines: (input) => this.#listPipelines(input),
      StartPipelineExecution: (input) => this.#startExecution(input),
      DescribePipelineExecution: (input) => this.#describeExecution(input),
      ListPipelineExecutions: (input) => this.#listExecutions(input),
      ListPipelineExecutionSteps: (input) => this.#listSteps(input),
      ListPipelineParametersForExecution: (input) => this.#listParameters(input),
      DescribePipelineDefinitionForExecution: (input) => this.#describeDefinition(input),
      StopPipelineExecution: (input) => this.#stopExecution(input),
      RetryPipelineExecution: (input) => this.#retryExecution(input),
      DescribeTrainingJob: async (input) =>
        describeTrainingJob(await this.#requireJob('training-job', requiredText(input, 'TrainingJobName', NAME))),
      DescribeProcessingJob: async (input) =>
        describeProcessingJob(await this.#requireJob('processing-job', requiredText(input, 'ProcessingJobName', NAME))),
    });
  }

  /** Interrupts what runs here; another process, or this service, can retry it. */
  async stop(): Promise<void> {
    for (const { run } of this.#running.values()) run.stop('interrupted');
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #createPipeline(input: OperationInput): Promise<object> {
    const name = requiredText(input, 'PipelineName', PIPELINE_NAME);
    const definition = await this.#readDefinition(input);
    if (definition === undefined) throw invalid('A PipelineDefinition or a PipelineDefinitionS3Location is wanted.');
    parseDefinition(definition);
    const now = nowSeconds();
    const record: PipelineRecord = {
      name,
      ...describedBy(input, 'PipelineDisplayName', 'PipelineDescription'),
      roleArn: requiredText(input, 'RoleArn'),
      definition,
      creationTime: now,
      lastModifiedTime: now,
    };
    if (!(await this.#state.create(record, 'pipelines', `${name}.json`))) {
      throw invalid(
        `Pipeline names must be unique within an AWS account and region. Pipeline with name ${name} already exists.`,
      );
    }
    return { PipelineArn: arnOf('pipeline', name) };
  }

  async #updatePipeline(input: OperationInput): Promise<object> {
    const pipeline = await this.#requirePipeline(requiredText(input, 'PipelineName', PIPELINE_NAME));
    const definition = (await this.#readDefinition(input)) ?? pipeline.definition;
    parseDefinition(definition);
    const record: PipelineRecord = {
      ...pipeline,
      ...describedBy(input, 'PipelineDisplayName', 'PipelineDescription'),
      roleArn: optionalText(input, 'RoleArn') ?? pipeline.roleArn,
      definition,
      lastModifiedTime: nowSeconds(),
    };
    await this.#state.write(record, 'pipelines', `${pipeline.name}.json`);
    return { PipelineArn: arnOf('pipeline', pipeline.name) };
  }

  async #describePipeline(input: OperationInput): Promise<object> {
    const pipeline = await this.#requirePipeline(pipelineNameIn(input));
    return {
      ...summaryOf(pipeline),
      PipelineDefinition: pipeline.definition,
      PipelineStatus: 'Active',
      LastRunTime: await this.#lastRunTime(pipeline.name),
    };
  }

  async #listPipelines(input: OperationInput): Promise<object> {
    const prefix = optionalText(input, 'PipelineNamePrefix') ?? '';
    const names = (await this.#state.list('pipelines')).map((file) => file.replace(/\.json$/, ''));
    const pipelines = await Promise.all(
      names.filter((name) => name.startsWith(prefix)).map((name) => this.#requirePipeline(name)),
    );
    const { items, rest } = pageOf(pipelines, input, {
      nameOf: ({ name }) => name,
      createdOf: ({ creationTime }) => creationTime,
      defaultOrder: 'Descending',
    });
    const summaries = items.map(async (pipeline) => ({
      ...summaryOf(pipeline),
      LastExecutionTime: await this.#lastRunTime(pipeline.name),
    }));
    return { PipelineSummaries: await Promise.all(summaries), ...rest };
  }

  async #startExecution(input: OperationInput): Promise<object> {
    const pipeline = await this.#requirePipeline(pipelineNameIn(input));
    const definition = parseDefinition(pipeline.definition);
    const faults: string[] = [];
    const parameters = readParameterValues(definition.parameters, input['PipelineParameters'], faults);
    if (faults.length > 0) throw invalid(`The parameters are wrong: ${faults.join('; ')}.`);

    // The same token is the same execution, without a record of tokens that could be lost between the two.
    const id = executionId(pipeline.name, optionalText(input, 'ClientRequestToken') ?? randomUUID());
    const execution: ExecutionRecord = {
      id,
      pipeline: pipeline.name,
      definition: pipeline.definition,
      parameters,
      ...describedBy(input, 'PipelineExecutionDisplayName', 'PipelineExecutionDescription'),
      creationTime: nowSeconds(),
      owner: await ownIdentity(),
    };
    if (await this.#records.create(execution)) {
      await this.#run(execution, definition, 1);
    } else {
      const earlier = await this.#records.read(id);
      if (earlier === undefined || canonicalJson(earlier.parameters) !== canonicalJson(parameters)) {
        throw new SageMakerFault('ConflictException', 'The ClientRequestToken was used before, with other parameters.');
      }
    }
    return { PipelineExecutionArn: executionArn(execution) };
  }

  async #retryExecution(input: OperationInput): Promise<object> {
    const execution = await this.#requireExecution(input);
    const { id } = execution;
    const answer = { PipelineExecutionArn: executionArn(execution) };
    const token = optionalText(input, 'ClientRequestToken');
    if (token !== undefined && (await this.#records.attemptWithToken(id, token)) !== undefined) return answer;
    const { status, number } = await this.#records.currentAttempt(execution);
    if (status !== 'Failed' && status !== 'Stopped') {
      throw invalid(`The execution ${id} is ${status}; only one that is Failed or Stopped can be retried.`);
    }
    await this.#running.get(id)?.ended;
    if (!(await this.#run(execution, parseDefinition(execution.definition), number + 1, token))) {
      throw new SageMakerFault('ConflictException', `The execution ${id} is being retried by another process.`);
    }
    return answer;
  }

  /** False when another process runs it. */
  async #run(
    execution: ExecutionRecord,
    definition: PipelineDefinition,
    number: number,
    token?: string,
  ): Promise<boolean> {
    const attempt: AttemptRecord = {
      number,
      owner: await ownIdentity(),
      status: 'Executing',
      startTime: nowSeconds(),
      ...(token === undefined ? {} : { token }),
    };
    if (!(await this.#records.claim(execution.id, attempt))) return false;
    const run = new ExecutionRun(this.#host, execution, attempt, definition);
    const ended = run.run().then(() => void this.#running.delete(execution.id));
    this.#running.set(execution.id, { run, ended });
    return true;
  }

  async #stopExecution(input: OperationInput): Promise<object> {
    const execution = await this.#requireExecution(input);
    const { id } = execution;
    const { status, number } = await this.#records.currentAttempt(execution);
    if (status !== 'Executing' && status !== 'Stopping') {
      throw invalid(`The execution ${id} is ${status}; there is nothing to stop.`);
    }
    await this.#records.requestStop(id, number);
    this.#running.get(id)?.run.stop('stopped');
    return { PipelineExecutionArn: executionArn(execution) };
  }

  async #describeExecution(input: OperationInput): Promise<object> {
    const execution = await this.#requireExecution(input);
    const attempt = await this.#records.currentAttempt(execution);
    return {
      PipelineArn: arnOf('pipeline', execution.pipeline),
      PipelineExecutionArn: executionArn(execution),
      PipelineExecutionDisplayName: execution.displayName,
      PipelineExecutionDescription: execution.description,
      PipelineExecutionStatus: attempt.status,
      FailureReason: attempt.failureReason,
      CreationTime: execution.creationTime,
      LastModifiedTime: attempt.endTime ?? attempt.startTime,
    };
  }

  async #listExecutions(input: OperationInput): Promise<object> {
    const { name } = await this.#requirePipeline(pipelineNameIn(input));
    const executions = (await this.#records.list()).filter(({ pipeline }) => pipeline === name);
    const { items, rest } = pageOf(executions, input, {
      nameOf: ({ id }) => id,
      createdOf: ({ creationTime }) => creationTime,
      defaultOrder: 'Descending',
    });
    const summaries = items.map(async (execution) => {
      const { status, failureReason } = await this.#records.currentAttempt(execution);
      return {
        PipelineExecutionArn: executionArn(execution),
        PipelineExecutionDisplayName: execution.displayName,
        PipelineExecutionDescription: execution.description,
        StartTime: execution.creationTime,
        PipelineExecutionStatus: status,
        PipelineExecutionFailureReason: failureReason,
      };
    });
    return { PipelineExecutionSummaries: await Promise.all(summaries), ...rest };
  }

  async #listSteps(input: OperationInput): Promise<object> {
    const execution = await this.#requireExecution(input);
    const { status, failureReason = '' } = await this.#records.currentAttempt(execution);
    const isOver = status !== 'Executing' && status !== 'Stopping';
    const definitions = new Map(
      allSteps(parseDefinition(execution.definition).steps).map((step) => [step.name, step] as const),
    );
    const steps = (await this.#records.readSteps(execution.id)).map((step): StepRecord =>
      // The process that ran it is gone, or could not write any more.
      isOver && step.status === 'Executing' ? { ...step, status: 'Stopped', failureReason } : step,
    );
    const { items, rest } = pageOf(steps, input, {
      nameOf: ({ name }) => name,
      createdOf: ({ startTime }) => startTime,
      defaultOrder: 'Descending',
    });
    const described = items.map((step) => ({
      StepName: step.name,
      StepDisplayName: definitions.get(step.name)?.displayName,
      StepDescription: definitions.get(step.name)?.description,
      StartTime: step.startTime,
      EndTime: step.endTime,
      StepStatus: step.status === 'Executing' && status === 'Stopping' ? 'Stopping' : step.status,
      FailureReason: step.failureReason,
      AttemptCount: step.attemptCount,
      CacheHitResult:
        step.cacheSource === undefined
          ? undefined
          : { SourcePipelineExecutionArn: executionArn({ pipeline: execution.pipeline, id: step.cacheSource }) },
      Metadata: metadataOf(step),
    }));
    return { PipelineExecutionSteps: described, ...rest };
  }

  async #listParameters(input: OperationInput): Promise<object> {
    const { parameters } = await this.#requireExecution(input);
    const { items, rest } = pageInOrder(Object.entries(parameters), input, ([name]) => name);
    return { PipelineParameters: items.map(([Name, value]) => ({ Name, Value: String(value) })), ...rest };
  }

  async #describeDefinition(input: OperationInput): Promise<object> {
    const { definition, creationTime } = await this.#requireExecution(input);
    return { PipelineDefinition: definition, CreationTime: creationTime };
  }

  async #requirePipeline(name: string): Promise<PipelineRecord> {
    const pipeline = PIPELINE_NAME.expression.test(name)
      ? await this.#state.read<PipelineRecord>('pipelines', `${name}.json`)
      : undefined;
    if (pipeline === undefined) {
      throw new SageMakerFault('ResourceNotFound', `Pipeline '${arnOf('pipeline', name)}' does not exist.`);
    }
    return pipeline;
  }

  async #requireExecution(input: OperationInput): Promise<ExecutionRecord> {
    const arn = requiredText(input, 'PipelineExecutionArn');
    const id = executionIdOf(arn);
    const execution = NAME.expression.test(id) ? await this.#records.read(id) : undefined;
    if (execution === undefined) {
      throw new SageMakerFault('ResourceNotFound', `Pipeline execution '${arn}' does not exist.`);
    }
    return execution;
  }

  async #requireJob(kind: JobKind, name: string): Promise<JobRecord> {
    const job = await this.#jobs.read(kind, name);
    if (job === undefined) throw new SageMakerFault('ResourceNotFound', `${arnOf(kind, name)} does not exist.`);
    return job;
  }

  async #readDefinition(input: OperationInput): Promise<string | undefined> {
    const text = optionalText(input, 'PipelineDefinition');
    const location = input['PipelineDefinitionS3Location'];
    if (text !== undefined || !isObject(location)) return text;
    const uri = `s3://${textMember(location, 'Bucket') ?? ''}/${textMember(location, 'ObjectKey') ?? ''}`;
    try {
      return await readFile(this.#s3.pathOf(uri), 'utf8');
    } catch (error) {
      throw invalid(`The pipeline definition at ${uri} cannot be read: ${(error as Error).message}`); // fs throws errors
    }
  }

  async #lastRunTime(pipeline: string): Promise<number | undefined> {
    const times = (await this.#records.list())
      .filter((execution) => execution.pipeline === pipeline)
      .map(({ creationTime }) => creationTime);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** A full disk is the user's to mend, and no call becomes better by being repeated at once. */
  #withSentences(operations: Operations): Operations {
    const wrapped = Object.entries(operations).map(([name, operation]) => [
      name,
      (input: OperationInput) =>
        operation(input).catch((error: unknown) => {
          if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error;
          throw new SageMakerFault('ResourceLimitExceeded', faultOf(error, this.#state));
        }),
    ]);
    return Object.fromEntries(wrapped) as Operations; // the same names, each with an operation
  }
}

function invalid(message: string): SageMakerFault {
  return new SageMakerFault('ValidationException', message);
}

function parseDefinition(text: string): PipelineDefinition {
  try {
    return readPipelineDefinition(text);
  } catch (error) {
    if (error instanceof PipelineDefinitionError) throw invalid(error.message);
    throw error;
  }
}

/** Like SageMaker's ids: twelve lower-case letters and digits. */
function executionId(pipeline: string, token: string): string {
  return BigInt(`0x${sha256(`${pipeline}\0${token}`)}`)
    .toString(36)
    .slice(0, 12);
}

/** Some operations take the ARN of a pipeline for its name. */
function pipelineNameIn(input: OperationInput): string {
  return idOf('pipeline', requiredText(input, 'PipelineName'));
}

function describedBy(
  input: OperationInput,
  displayNameMember: string,
  descriptionMember: string,
): { readonly displayName?: string; readonly description?: string } {
  const displayName = optionalText(input, displayNameMember);
  const description = optionalText(input, descriptionMember);
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
  };
}

function summaryOf(pipeline: PipelineRecord): object {
  return {
    PipelineArn: arnOf('pipeline', pipeline.name),
    PipelineName: pipeline.name,
    PipelineDisplayName: pipeline.displayName ?? pipeline.name,
    PipelineDescription: pipeline.description,
    RoleArn: pipeline.roleArn,
    CreationTime: pipeline.creationTime,
    LastModifiedTime: pipeline.lastModifiedTime,
  };
}

function metadataOf({ job, outcome, modelPackageArn, errorMessage }: StepRecord): JsonObject {
  if (job?.kind === 'training-job') return { TrainingJob: { Arn: arnOf(job.kind, job.name) } };
  if (job !== undefined) return { ProcessingJob: { Arn: arnOf(job.kind, job.name) } };
  if (outcome !== undefined) return { Condition: { Outcome: outcome } };
  if (modelPackageArn !== undefined) return { RegisterModel: { Arn: modelPackageArn } };
  return errorMessage === undefined ? {} : { Fail: { ErrorMessage: errorMessage } };
}
