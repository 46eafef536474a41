// A product at the wire: versions in the registry, a pipeline with runs, figures in S3. Steps take no time.
import { EvaluationReport, TestPredictions } from '@app/contracts/learning';
import { AwsFault, ScriptedAws } from './scripted-aws';

const ARN = 'arn:aws:sagemaker:eu-west-1:123456789012';
const CREATED = new Date('2026-11-23T10:00:00Z');

export interface ScriptedVersion {
  approval: 'Approved' | 'Rejected' | 'PendingManualApproval';
  note?: string;
  metadata: Record<string, string>;
  readonly evaluation?: EvaluationReport;
  readonly predictions?: TestPredictions;
}

/** What a run looks like, from one look to the next; the last one stays. */
export interface ScriptedRun {
  readonly name?: string;
  readonly looks: { readonly status: string; readonly steps: readonly object[] }[];
}

export class ScriptedProduct {
  readonly versions = new Map<number, ScriptedVersion>();
  readonly runs = new Map<string, ScriptedRun>();
  /** What the next run that is started will look like. */
  nextRun: ScriptedRun['looks'] = [];
  pipeline: { definition: unknown; role: unknown } | undefined;
  #parameters: unknown[] = [];

  constructor(
    aws: ScriptedAws,
    private readonly bucket: string,
    /** Puts an object into S3, by `bucket/key`. */
    private readonly putObject: (name: string, text: string) => void,
  ) {
    aws
      .on('DescribePipeline', () => {
        if (this.pipeline === undefined) throw new AwsFault('ResourceNotFound', 'Pipeline does not exist');
        return {
          PipelineArn: `${ARN}:pipeline/image-classifier`,
          PipelineDefinition: this.pipeline.definition,
          RoleArn: this.pipeline.role,
        };
      })
      .on('CreatePipeline', (input) => this.#putPipeline(input))
      .on('UpdatePipeline', (input) => this.#putPipeline(input))
      .on('StartPipelineExecution', (input) => {
        this.#parameters = input['PipelineParameters'] as unknown[];
        this.runs.set('run0new', { name: String(input['PipelineExecutionDisplayName']), looks: this.nextRun });
        return { PipelineExecutionArn: executionArn('run0new') };
      })
      .on('RetryPipelineExecution', (input) => ({ PipelineExecutionArn: input['PipelineExecutionArn'] }))
      .on('StopPipelineExecution', (input) => {
        const run = this.#run(input);
        run.looks.splice(0, run.looks.length, {
          status: 'Stopped',
          steps: run.looks[0]?.steps.map((step) => ({ ...step, StepStatus: 'Stopped' })) ?? [],
        });
        return { PipelineExecutionArn: input['PipelineExecutionArn'] };
      })
      .on('ListPipelineExecutions', () => {
        if (this.pipeline === undefined) throw new AwsFault('ResourceNotFound', 'Pipeline does not exist');
        return {
          PipelineExecutionSummaries: [...this.runs].reverse().map(([id, { name, looks }]) => ({
            PipelineExecutionArn: executionArn(id),
            PipelineExecutionDisplayName: name,
            PipelineExecutionStatus: looks[0]?.status,
            StartTime: CREATED,
          })),
        };
      })
      .on('DescribePipelineExecution', (input) => {
        const { name, looks } = this.#run(input);
        return {
          PipelineExecutionArn: input['PipelineExecutionArn'],
          PipelineExecutionDisplayName: name,
          PipelineExecutionStatus: looks[0]?.status,
          CreationTime: CREATED,
        };
      })
      .on('ListPipelineExecutionSteps', (input) => {
        const { looks } = this.#run(input);
        const steps = looks[0]?.steps;
        if (looks.length > 1) looks.shift();
        return { PipelineExecutionSteps: steps };
      })
      .on('ListPipelineParametersForExecution', () => ({ PipelineParameters: this.#parameters }))
      .on('DescribeProcessingJob', (input) => ({
        ProcessingJobName: input['ProcessingJobName'],
        ProcessingOutputConfig: {
          Outputs: [
            { OutputName: 'evaluation', S3Output: { S3Uri: this.#evaluation(String(input['ProcessingJobName'])) } },
          ],
        },
      }))
      .on('ListModelPackages', () => ({
        ModelPackageSummaryList: [...this.versions.keys()].reverse().map((number) => this.#package(number)),
      }))
      .on('DescribeModelPackage', (input) => this.#package(Number(String(input['ModelPackageName']).split('/').at(-1))))
      .on('UpdateModelPackage', (input) => {
        const version = this.versions.get(Number(String(input['ModelPackageArn']).split('/').at(-1)));
        if (version === undefined) throw new AwsFault('ValidationException', 'ModelPackage does not exist');
        version.approval = input['ModelApprovalStatus'] as ScriptedVersion['approval']; // the SDK's
        version.note = String(input['ApprovalDescription']);
        version.metadata = { ...version.metadata, ...(input['CustomerMetadataProperties'] as Record<string, string>) };
        return { ModelPackageArn: input['ModelPackageArn'] };
      });
  }

  addVersion(number: number, version: Partial<ScriptedVersion> = {}): this {
    const { evaluation, predictions } = version;
    this.versions.set(number, {
      approval: 'PendingManualApproval',
      ...version,
      metadata: { modelName: 'flowers', ...version.metadata },
    });
    if (evaluation !== undefined) this.putEvaluation(`version-${number}`, evaluation, predictions);
    return this;
  }

  /** Of the job of that name. */
  putEvaluation(job: string, evaluation: EvaluationReport, predictions?: TestPredictions): void {
    const put = (file: string, text: string) => this.putObject(`${this.bucket}/evaluation/${job}/${file}`, text);
    put('evaluation.json', JSON.stringify(evaluation));
    put('report.html', '<!doctype html><title>report</title>');
    if (predictions !== undefined) put('predictions.json', JSON.stringify(predictions));
  }

  #evaluation(job: string): string {
    return `s3://${this.bucket}/evaluation/${job}`;
  }

  #putPipeline(input: Readonly<Record<string, unknown>>): object {
    this.pipeline = { definition: input['PipelineDefinition'], role: input['RoleArn'] };
    return { PipelineArn: `${ARN}:pipeline/image-classifier` };
  }

  #run(input: Readonly<Record<string, unknown>>): ScriptedRun {
    const run = this.runs.get(String(input['PipelineExecutionArn']).split('/').at(-1) ?? '');
    if (run === undefined) throw new AwsFault('ResourceNotFound', 'Pipeline execution does not exist');
    return run;
  }

  #package(number: number): object {
    const version = this.versions.get(number);
    if (version === undefined) throw new AwsFault('ValidationException', 'ModelPackage does not exist');
    return {
      ModelPackageArn: `${ARN}:model-package/image-classifier/${number}`,
      ModelPackageGroupName: 'image-classifier',
      ModelPackageVersion: number,
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: version.approval,
      ApprovalDescription: version.note,
      CreationTime: CREATED,
      CustomerMetadataProperties: version.metadata,
      InferenceSpecification: {
        Containers: [{ Image: 'image:1', ModelDataUrl: `s3://${this.bucket}/models/${number}/model.tar.gz` }],
      },
      ...(version.evaluation === undefined
        ? {}
        : {
            ModelMetrics: {
              ModelQuality: {
                Statistics: {
                  ContentType: 'application/json',
                  S3Uri: `${this.#evaluation(`version-${number}`)}/evaluation.json`,
                },
              },
            },
          }),
    };
  }
}

function executionArn(id: string): string {
  return `${ARN}:pipeline/image-classifier/execution/${id}`;
}

const time = (seconds: number) => new Date(CREATED.getTime() + seconds * 1000);

/** Steps of a run, as SageMaker lists them. */
export const STEP = {
  training: {
    StepName: 'Train',
    StepStatus: 'Executing',
    StartTime: time(0),
    Metadata: { TrainingJob: { Arn: `${ARN}:training-job/train-1` } },
  },
  trained: {
    StepName: 'Train',
    StepStatus: 'Succeeded',
    StartTime: time(0),
    EndTime: time(31),
    Metadata: { TrainingJob: { Arn: `${ARN}:training-job/train-1` } },
  },
  trainedBefore: {
    StepName: 'Train',
    StepStatus: 'Succeeded',
    StartTime: time(0),
    EndTime: time(0),
    CacheHitResult: { SourcePipelineExecutionArn: executionArn('run0old') },
    Metadata: { TrainingJob: { Arn: `${ARN}:training-job/train-1` } },
  },
  notTrained: {
    StepName: 'Train',
    StepStatus: 'Failed',
    StartTime: time(0),
    EndTime: time(2),
    FailureReason: 'AlgorithmError: The class "tulip" has 3 images; at least 10 are needed.',
    Metadata: { TrainingJob: { Arn: `${ARN}:training-job/train-1` } },
  },
  evaluated: {
    StepName: 'Evaluate',
    StepStatus: 'Succeeded',
    StartTime: time(31),
    EndTime: time(39),
    Metadata: { ProcessingJob: { Arn: `${ARN}:processing-job/evaluate-1` } },
  },
  passed: {
    StepName: 'Gate',
    StepStatus: 'Succeeded',
    StartTime: time(39),
    EndTime: time(39),
    Metadata: { Condition: { Outcome: 'True' } },
  },
  notPassed: {
    StepName: 'Gate',
    StepStatus: 'Succeeded',
    StartTime: time(39),
    EndTime: time(39),
    Metadata: { Condition: { Outcome: 'False' } },
  },
  registered: {
    StepName: 'Register',
    StepStatus: 'Succeeded',
    StartTime: time(39),
    EndTime: time(40),
    Metadata: { RegisterModel: { Arn: `${ARN}:model-package/image-classifier/2` } },
  },
  refused: {
    StepName: 'Refuse',
    StepStatus: 'Failed',
    StartTime: time(39),
    EndTime: time(39),
    Metadata: { Fail: { ErrorMessage: 'The model is not registered.' } },
  },
} as const;
