// CodePipeline at the wire: a pipeline that an upload of the source starts, as EventBridge does in AWS. moto 5.2 keeps pipelines, and runs none.
import { HeadObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AwsCall, AwsDouble, json } from './aws-double';

/** What happens to a run, one step whenever it is looked at. */
export interface ScriptedStep {
  readonly stage: string;
  /** `InProgress`, `Succeeded`, `Failed`; `Skipped` for a stage that is left out. */
  readonly status: string;
  readonly provider?: string;
  /** Of the build or the rollout. */
  readonly externalId?: string;
  readonly reason?: string;
}

export interface ScriptedRun {
  readonly id: string;
  readonly begunAt: number;
  /** Known when the source has been fetched. */
  revision: string | undefined;
  status: string;
  done: number;
  readonly steps: readonly ScriptedStep[];
}

const through = (stage: string, provider: string, externalId: string): readonly ScriptedStep[] =>
  ['InProgress', 'Succeeded'].map((status) => ({ stage, status, provider, externalId }));

export const ROLLED_OUT: readonly ScriptedStep[] = [
  ...through('Source', 'S3', 'a-version'),
  ...through('Build', 'CodeBuild', 'image-classifier-demo-pipeline:1'),
  { stage: 'Was', status: 'Skipped' },
  ...through('Web', 'CodeDeployToECS', 'd-ROLLOUT'),
  { stage: 'Monitor', status: 'Skipped' },
];

export class ScriptedCodePipeline {
  readonly runs: ScriptedRun[] = [];
  /** Of the runs that begin from now on. */
  steps = ROLLED_OUT;
  isHeld = false;
  readonly #s3: S3Client;

  constructor(aws: AwsDouble) {
    this.#s3 = new S3Client(aws.clientOptions);
    aws.scripts.unshift((call) => this.#answer(call));
    // Whoever asks for runs after an upload finds one.
    aws.scripts.unshift(({ action }) => {
      if (/^PUT .*\/source\/source\.zip/.test(action)) this.begin();
      return undefined;
    });
  }

  begin(): ScriptedRun {
    const id = `run-${this.runs.length + 1}`;
    // Whole seconds, as S3 tells its times.
    const begunAt = Math.ceil(Date.now() / 1000);
    const run = { id, begunAt, revision: undefined, status: 'InProgress', done: 0, steps: this.steps };
    this.runs.unshift(run);
    return run;
  }

  stop(): void {
    this.#s3.destroy();
  }

  async #answer({ action, input }: AwsCall) {
    const run = this.runs.find(({ id }) => id === input['pipelineExecutionId']);
    switch (action) {
      case 'ListPipelineExecutions':
        // SageMaker has an action of the same name.
        if (input['pipelineName'] === undefined) return undefined;
        return json({ pipelineExecutionSummaries: this.runs.map(summaryOf) });
      case 'StartPipelineExecution':
        return input['name'] === undefined ? undefined : json({ pipelineExecutionId: this.begin().id });
      case 'StopPipelineExecution':
        if (input['pipelineName'] === undefined) return undefined;
        if (run !== undefined) run.status = 'Stopped';
        return json({ pipelineExecutionId: run?.id });
      case 'GetPipelineExecution':
        if (run !== undefined) await this.#goOn(run);
        return json({ pipelineExecution: { pipelineExecutionId: run?.id, status: run?.status } });
      case 'ListActionExecutions': {
        const id = (input['filter'] as { pipelineExecutionId: string }).pipelineExecutionId;
        return json({ actionExecutionDetails: actionsOf(this.runs.find((each) => each.id === id)) });
      }
      case 'GetPipelineState':
        return json({ stageStates: this.runs.flatMap(skippedStages) });
      default:
        return undefined;
    }
  }

  async #goOn(run: ScriptedRun): Promise<void> {
    if (this.isHeld || run.status !== 'InProgress') return;
    run.done += 1;
    const step = run.steps[run.done - 1];
    if (step?.stage === 'Source' && step.status === 'Succeeded') run.revision = await this.#version();
    if (step?.status === 'Failed') run.status = 'Failed';
    else if (run.done >= run.steps.length) run.status = 'Succeeded';
  }

  async #version(): Promise<string | undefined> {
    const { Buckets = [] } = await this.#s3.send(new ListBucketsCommand({}));
    const bucket = Buckets.find(({ Name = '' }) => Name.includes('buildbucket'))?.Name;
    return (await this.#s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'source/source.zip' }))).VersionId;
  }
}

function summaryOf({ id, status, begunAt, revision }: ScriptedRun) {
  return {
    ...{ pipelineExecutionId: id, status, startTime: begunAt },
    sourceRevisions: revision === undefined ? [] : [{ actionName: 'Source', revisionId: revision }],
  };
}

function actionsOf(run: ScriptedRun | undefined) {
  const done = (run?.steps ?? []).slice(0, run?.done).filter(({ status }) => status !== 'Skipped');
  const newest = new Map(done.map((step) => [step.stage, step]));
  return [...newest.values()].map(({ stage, status, provider, externalId, reason }, index) => ({
    ...{ pipelineExecutionId: run?.id, actionExecutionId: `${run?.id ?? ''}-${stage}`, stageName: stage, status },
    actionName:
      provider === 'Manual' ? 'Approve' : stage === 'Was' || stage === 'Web' || stage === 'Monitor' ? 'RollOut' : stage,
    startTime: 1_800_000_000 + index,
    lastUpdateTime: 1_800_000_000 + index + 62,
    input: {
      actionTypeId: { category: provider === 'Manual' ? 'Approval' : 'Deploy', owner: 'AWS', provider, version: '1' },
    },
    output: {
      executionResult: {
        externalExecutionId: externalId,
        ...(reason === undefined ? {} : { errorDetails: { code: 'JobFailed', message: reason } }),
      },
    },
  }));
}

function skippedStages(run: ScriptedRun) {
  return run.steps
    .slice(0, run.done)
    .filter(({ status }) => status === 'Skipped')
    .map(({ stage }) => ({
      stageName: stage,
      latestExecution: { pipelineExecutionId: run.id, status: 'Skipped' },
    }));
}
