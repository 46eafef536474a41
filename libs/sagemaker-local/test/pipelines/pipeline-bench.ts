/** What tests of pipelines share: a state folder with data, a pipeline of all kinds of steps, and a registry that is a folder. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationInput } from '../../src/control-plane/operation';
import { PipelineService } from '../../src/pipelines';
import { isObject, JsonObject, objectsOf } from '../../src/pipelines/json';
import { distFile } from '../../src/places';
import { LocalS3, StateFolder } from '../../src/state';

/** What a fake job does, beside its work; see fake-job/main.ts. */
export interface JobControl {
  /** A line for each job that began: its task and its process id. */
  readonly journal: string;
  readonly fail?: string;
  readonly crash?: string;
  readonly hang?: string;
  readonly ignoresSigterm?: boolean;
  /** A file that something is appended to while the job runs. */
  readonly change?: string;
  readonly noModel?: boolean;
  readonly modelBytes?: number;
  readonly accuracy?: number;
}

export const PIPELINE = 'flowers';
const FAKE_JOB = distFile('libs/sagemaker-local/test/pipelines/fake-job/main.js');

export class PipelineBench {
  readonly state: StateFolder;
  readonly s3: LocalS3;
  readonly service: PipelineService;
  /** Whether the registry registers and its answer never arrives. */
  losesAnswers = false;

  constructor(
    readonly root = mkdtempSync(join(tmpdir(), 'pipelines-')),
    readonly journal = join(root, 'journal.txt'),
    programFiles: readonly string[] = [FAKE_JOB],
  ) {
    this.state = new StateFolder(root);
    this.s3 = new LocalS3(this.state);
    this.service = new PipelineService({
      state: this.state,
      call: (operation, input) => this.#register(operation, input),
      environment: { PATH: '/usr/bin:/bin', SECRET: 'not for containers' },
      command: [FAKE_JOB],
      programFiles,
      stopGraceMs: 300,
    });
  }

  /** Data in S3's folder, and the pipeline. */
  async prepare(definition: object = pipelineDefinition(this.control)): Promise<this> {
    for (const [path, content] of [
      ['photos/rose/1.jpg', 'one'],
      ['photos/tulip/2.jpg', 'two'],
      ['test/rose/3.jpg', 'three'],
    ] as const) {
      this.writeObject(path, content);
    }
    this.behave({});
    await this.create(definition);
    return this;
  }

  create(definition: object, name = PIPELINE): Promise<JsonObject> {
    return this.call('CreatePipeline', {
      PipelineName: name,
      PipelineDefinition: JSON.stringify(definition),
      RoleArn: 'arn:aws:iam::000000000000:role/pipeline',
    });
  }

  get control(): string {
    return join(this.root, 'control.json');
  }

  behave(control: Omit<JobControl, 'journal'>): void {
    writeFileSync(this.control, JSON.stringify({ ...control, journal: this.journal }));
  }

  /** The tasks of the jobs that began. */
  begun(): string[] {
    return this.journalLines().map(([task = '']) => task);
  }

  journalLines(): string[][] {
    try {
      const lines = readFileSync(this.journal, 'utf8').split('\n');
      return lines.slice(0, -1).map((line) => line.split(' ')); // after the last one it may be about to write
    } catch {
      return [];
    }
  }

  objectPath(path: string): string {
    return this.s3.pathOf(`s3://local/${path}`);
  }

  writeObject(path: string, content: string): void {
    mkdirSync(join(this.objectPath(path), '..'), { recursive: true });
    writeFileSync(this.objectPath(path), content);
  }

  async call(operation: string, input: OperationInput): Promise<JsonObject> {
    const answer: unknown = JSON.parse(JSON.stringify(await this.service.operations[operation]?.(input)));
    if (!isObject(answer)) throw new Error(`${operation} gave no object`);
    return answer;
  }

  /** The ARN of an execution that has begun. */
  async start(parameters: Record<string, string> = {}, token?: string): Promise<string> {
    const { PipelineExecutionArn: arn } = await this.call('StartPipelineExecution', {
      PipelineName: PIPELINE,
      PipelineParameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
      ...(token === undefined ? {} : { ClientRequestToken: token }),
    });
    return arn as string; // always there
  }

  retry(arn: string): Promise<JsonObject> {
    return this.call('RetryPipelineExecution', { PipelineExecutionArn: arn });
  }

  describe(arn: string): Promise<JsonObject> {
    return this.call('DescribePipelineExecution', { PipelineExecutionArn: arn });
  }

  /** The execution as it ended. */
  async ended(arn: string): Promise<JsonObject> {
    for (;;) {
      const execution = await this.describe(arn);
      if (!/Executing|Stopping/.test(execution['PipelineExecutionStatus'] as string)) return execution;
      await sleep(20);
    }
  }

  /** Name -> step. */
  async steps(arn: string): Promise<Record<string, JsonObject>> {
    const { PipelineExecutionSteps: steps } = await this.call('ListPipelineExecutionSteps', {
      PipelineExecutionArn: arn,
      SortOrder: 'Ascending',
    });
    return Object.fromEntries(objectsOf(steps).map((step) => [step['StepName'] as string, step]));
  }

  /** What was registered, by the token it came with. */
  async registered(): Promise<JsonObject[]> {
    const names = await this.state.list('registered');
    const records = await Promise.all(names.map((name) => this.state.read<JsonObject>('registered', name)));
    return records.filter((record) => record !== undefined);
  }

  async #register(operation: string, input: OperationInput): Promise<object> {
    const token = input['ClientToken'] as string;
    if (operation !== 'CreateModelPackage' || !/^[a-zA-Z0-9-]{1,36}$/.test(token)) throw new Error('a wrong call');
    // False when it was registered before: the same version is answered.
    await this.state.create(input, 'registered', `${token}.json`);
    if (this.losesAnswers) throw new Error('the connection was lost');
    return { ModelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/${PIPELINE}/${token}` };
  }
}

/** Train -> Evaluate -> Gate -> Register or Refuse. */
export function pipelineDefinition(control: string, cache?: object): object {
  const get = (name: string): object => ({ Get: name });
  const caching = cache === undefined ? {} : { CacheConfig: cache };
  const RoleArn = 'arn:aws:iam::000000000000:role/pipeline';
  return {
    Version: '2020-12-01',
    Parameters: [
      { Name: 'TrainingData', Type: 'String', DefaultValue: 's3://local/photos' },
      { Name: 'Epochs', Type: 'Integer', DefaultValue: 5 },
      { Name: 'Threshold', Type: 'Float', DefaultValue: 0.8 },
      { Name: 'MaxRuntime', Type: 'Integer', DefaultValue: 600 },
    ],
    Steps: [
      {
        Name: 'Train',
        Type: 'Training',
        Description: 'Learns',
        ...caching,
        Arguments: {
          AlgorithmSpecification: {
            TrainingImage: 'image',
            TrainingInputMode: 'File',
            MetricDefinitions: [{ Name: 'train:accuracy', Regex: 'train:accuracy=([0-9.]+)' }],
          },
          RoleArn,
          InputDataConfig: [
            {
              ChannelName: 'train',
              DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: get('Parameters.TrainingData') } },
            },
          ],
          OutputDataConfig: { S3OutputPath: 's3://local/models' },
          CheckpointConfig: { S3Uri: 's3://local/checkpoints' },
          ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
          StoppingCondition: { MaxRuntimeInSeconds: get('Parameters.MaxRuntime') },
          HyperParameters: { epochs: { 'Std:Join': { On: '', Values: [get('Parameters.Epochs')] } } },
          Environment: { CONTROL: control },
        },
      },
      {
        Name: 'Evaluate',
        Type: 'Processing',
        ...caching,
        Arguments: {
          AppSpecification: { ImageUri: 'image' },
          RoleArn,
          ProcessingResources: {
            ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
          },
          ProcessingInputs: [
            processingInput('model', get('Steps.Train.ModelArtifacts.S3ModelArtifacts')),
            processingInput('test', 's3://local/test/'),
          ],
          ProcessingOutputConfig: {
            Outputs: [
              {
                OutputName: 'evaluation',
                S3Output: {
                  S3Uri: {
                    'Std:Join': { On: '/', Values: ['s3://local/reports', get('Execution.PipelineExecutionId')] },
                  },
                  LocalPath: '/opt/ml/processing/output/evaluation',
                  S3UploadMode: 'EndOfJob',
                },
              },
            ],
          },
          Environment: { CONTROL: control },
        },
        PropertyFiles: [{ PropertyFileName: 'Report', OutputName: 'evaluation', FilePath: 'evaluation.json' }],
      },
      {
        Name: 'Gate',
        Type: 'Condition',
        Arguments: {
          Conditions: [
            {
              Type: 'GreaterThanOrEqualTo',
              LeftValue: {
                'Std:JsonGet': {
                  PropertyFile: get('Steps.Evaluate.PropertyFiles.Report'),
                  Path: 'metrics.accuracy.value',
                },
              },
              RightValue: get('Parameters.Threshold'),
            },
          ],
          IfSteps: [
            {
              Name: 'Register',
              Type: 'RegisterModel',
              Arguments: {
                ModelPackageGroupName: 'image-classifier',
                InferenceSpecification: {
                  Containers: [{ Image: 'image', ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts') }],
                },
                ModelMetrics: {
                  ModelQuality: {
                    Statistics: {
                      ContentType: 'application/json',
                      S3Uri: get("Steps.Evaluate.ProcessingOutputConfig.Outputs['evaluation'].S3Output.S3Uri"),
                    },
                  },
                },
                CustomerMetadataProperties: { execution: get('Execution.PipelineExecutionId') },
              },
            },
          ],
          ElseSteps: [
            {
              Name: 'Refuse',
              Type: 'Fail',
              Arguments: {
                ErrorMessage: {
                  'Std:Join': { On: ' ', Values: ['The accuracy is below', get('Parameters.Threshold')] },
                },
              },
            },
          ],
        },
      },
    ],
  };
}

function processingInput(name: string, uri: unknown): object {
  return {
    InputName: name,
    S3Input: {
      S3Uri: uri,
      LocalPath: `/opt/ml/processing/input/${name}`,
      S3DataType: 'S3Prefix',
      S3InputMode: 'File',
    },
  };
}
