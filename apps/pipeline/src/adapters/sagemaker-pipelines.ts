/** Runs of the pipeline as SageMaker Pipelines has them, on AWS or on this machine. */
import {
  CreatePipelineCommand,
  DescribePipelineCommand,
  DescribePipelineExecutionCommand,
  DescribeProcessingJobCommand,
  paginateListPipelineExecutions,
  paginateListPipelineExecutionSteps,
  paginateListPipelineParametersForExecution,
  PipelineExecutionStatus,
  PipelineExecutionStep,
  RetryPipelineExecutionCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
  StepStatus,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-sagemaker';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Pipelines } from '../runs/pipelines.port';
import { Run, RunState, RunStep, RunSummary, StepState } from '../runs/run';
import { CalledService, explain, explained, isMissing } from './sagemaker-problems';

export class SageMakerPipelines implements Pipelines {
  /** Taken from the first answer that names it: an account and a region are part of it. */
  #pipelineArn: string | undefined;

  constructor(
    private readonly client: SageMakerClient,
    private readonly service: CalledService,
    private readonly pipeline: string,
    /** Role under which the pipeline starts jobs; not needed to look at runs. */
    private readonly role: string,
  ) {}

  async put(definition: string): Promise<'created' | 'updated' | 'unchanged'> {
    const current = await this.#describePipeline();
    const members = { PipelineName: this.pipeline, PipelineDefinition: definition, RoleArn: this.role };
    if (current === undefined) {
      const command = new CreatePipelineCommand({ ...members, ClientRequestToken: randomUUID() });
      const { PipelineArn } = await explained(this.service, this.client.send(command));
      this.#pipelineArn = PipelineArn;
      return 'created';
    }
    const same = current.RoleArn === this.role && saysTheSame(current.PipelineDefinition, definition);
    if (same) return 'unchanged';
    await explained(this.service, this.client.send(new UpdatePipelineCommand(members)));
    return 'updated';
  }

  async compare(definition: string): Promise<'same' | 'different' | 'missing'> {
    const current = await this.#describePipeline();
    if (current === undefined) return 'missing';
    return saysTheSame(current.PipelineDefinition, definition) ? 'same' : 'different';
  }

  async start(name: string, parameters: ReadonlyMap<string, string>): Promise<string> {
    const command = new StartPipelineExecutionCommand({
      PipelineName: this.pipeline,
      PipelineExecutionDisplayName: name,
      PipelineParameters: [...parameters].map(([Name, Value]) => ({ Name, Value })),
      ClientRequestToken: randomUUID(),
    });
    const { PipelineExecutionArn } = await explained(this.service, this.client.send(command));
    return idOf(PipelineExecutionArn);
  }

  async resume(id: string): Promise<void> {
    const members = { PipelineExecutionArn: await this.#arnOf(id), ClientRequestToken: randomUUID() };
    await explained(this.service, this.client.send(new RetryPipelineExecutionCommand(members)));
  }

  async stop(id: string): Promise<void> {
    const members = { PipelineExecutionArn: await this.#arnOf(id), ClientRequestToken: randomUUID() };
    await explained(this.service, this.client.send(new StopPipelineExecutionCommand(members)));
  }

  async list(limit: number): Promise<readonly RunSummary[]> {
    const runs: RunSummary[] = [];
    const pages = paginateListPipelineExecutions(
      { client: this.client },
      {
        PipelineName: this.pipeline,
        SortBy: 'CreationTime',
        SortOrder: 'Descending',
        MaxResults: Math.min(limit, 100),
      },
    );
    try {
      for await (const { PipelineExecutionSummaries = [] } of pages) {
        for (const summary of PipelineExecutionSummaries) {
          runs.push({
            id: idOf(summary.PipelineExecutionArn),
            state: runState(summary.PipelineExecutionStatus),
            started: summary.StartTime ?? new Date(0),
            ...present('name', summary.PipelineExecutionDisplayName),
            ...present('failure', summary.PipelineExecutionFailureReason),
          });
        }
        if (runs.length >= limit) break;
      }
    } catch (error) {
      if (!isMissing(error)) throw explain(this.service, error);
    }
    return runs.slice(0, limit);
  }

  async describe(id: string): Promise<Run | undefined> {
    const arn = await this.#arnOf(id);
    const run = await this.#unlessMissing(
      this.client.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: arn })),
    );
    if (run === undefined) return undefined;
    return {
      id,
      state: runState(run.PipelineExecutionStatus),
      started: run.CreationTime ?? new Date(0),
      ...present('name', run.PipelineExecutionDisplayName),
      ...present('failure', run.FailureReason),
      ...present('changed', run.LastModifiedTime),
      steps: await explained(this.service, this.#stepsOf(arn)),
    };
  }

  async parametersOf(id: string): Promise<ReadonlyMap<string, string>> {
    const members = { PipelineExecutionArn: await this.#arnOf(id) };
    const parameters = new Map<string, string>();
    try {
      for await (const page of paginateListPipelineParametersForExecution({ client: this.client }, members)) {
        for (const { Name = '', Value = '' } of page.PipelineParameters ?? []) parameters.set(Name, Value);
      }
    } catch (error) {
      if (!isMissing(error)) throw explain(this.service, error);
    }
    return parameters;
  }

  async outputOf(processingJob: string, output: string): Promise<string | undefined> {
    const job = await this.#unlessMissing(
      this.client.send(new DescribeProcessingJobCommand({ ProcessingJobName: processingJob })),
    );
    return job?.ProcessingOutputConfig?.Outputs?.find(({ OutputName }) => OutputName === output)?.S3Output?.S3Uri;
  }

  async #stepsOf(arn: string): Promise<readonly RunStep[]> {
    const steps: RunStep[] = [];
    const pages = paginateListPipelineExecutionSteps(
      { client: this.client },
      { PipelineExecutionArn: arn, SortOrder: 'Ascending' },
    );
    for await (const { PipelineExecutionSteps = [] } of pages) steps.push(...PipelineExecutionSteps.map(toStep));
    return steps;
  }

  async #arnOf(id: string): Promise<string> {
    this.#pipelineArn ??= (await this.#describePipeline())?.PipelineArn;
    // An id of a pipeline that does not exist leads to nothing, in whatever account.
    return `${this.#pipelineArn ?? `arn:aws:sagemaker:us-east-1:000000000000:pipeline/${this.pipeline}`}/execution/${id}`;
  }

  async #describePipeline() {
    const pipeline = await this.#unlessMissing(
      this.client.send(new DescribePipelineCommand({ PipelineName: this.pipeline })),
    );
    this.#pipelineArn ??= pipeline?.PipelineArn;
    return pipeline;
  }

  async #unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explain(this.service, error);
    }
  }
}

const RUN_STATES: Readonly<Record<PipelineExecutionStatus, RunState>> = {
  Executing: 'running',
  Stopping: 'stopping',
  Stopped: 'stopped',
  Failed: 'failed',
  Succeeded: 'succeeded',
};

const STEP_STATES: Readonly<Record<StepStatus, StepState>> = {
  Starting: 'starting',
  Executing: 'running',
  Stopping: 'stopping',
  Stopped: 'stopped',
  Failed: 'failed',
  Succeeded: 'succeeded',
};

function runState(status: PipelineExecutionStatus | undefined): RunState {
  return status === undefined ? 'running' : RUN_STATES[status];
}

function toStep(step: PipelineExecutionStep): RunStep {
  const { TrainingJob, ProcessingJob, RegisterModel, Condition, Fail } = step.Metadata ?? {};
  const job =
    TrainingJob?.Arn !== undefined
      ? ({ kind: 'training', name: idOf(TrainingJob.Arn) } as const)
      : ProcessingJob?.Arn !== undefined
        ? ({ kind: 'processing', name: idOf(ProcessingJob.Arn) } as const)
        : undefined;
  return {
    name: step.StepName ?? '',
    state: step.StepStatus === undefined ? 'starting' : STEP_STATES[step.StepStatus],
    cached: step.CacheHitResult?.SourcePipelineExecutionArn !== undefined,
    ...present('started', step.StartTime),
    ...present('ended', step.EndTime),
    ...present('failure', step.FailureReason),
    ...present('job', job),
    ...present('version', RegisterModel?.Arn === undefined ? undefined : Number(idOf(RegisterModel.Arn))),
    ...present('passed', Condition?.Outcome === undefined ? undefined : Condition.Outcome === 'True'),
    ...present('refusal', Fail === undefined ? undefined : (Fail.ErrorMessage ?? 'refused')),
  };
}

/** Whether two definitions say the same, however they are written. */
function saysTheSame(current: string | undefined, wanted: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(current ?? ''), JSON.parse(wanted));
  } catch {
    return false; // what is there is not JSON
  }
}

/** The last part of an ARN. */
export function idOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

export function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>); // the key is the one of the type
}
