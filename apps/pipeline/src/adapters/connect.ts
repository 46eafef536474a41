/** Puts services and adapters together for one place; the only module that knows both sides. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DeploymentContext, S3ObjectStore as S3ModelFiles } from '@app/model-deployment';
import { LocalS3, StateFolder } from '@app/sagemaker-local';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { CommandError, UsageError } from '../command.error';
import { Connect, Connection, DeployOptions, PlaceOptions } from '../connection';
import { ModelDeployer } from '../deployment/model-deployer.port';
import { ModelService } from '../models/model.service';
import { enumerate } from '../output/figures';
import { ACCOUNT_SETTINGS, AccountOptions, accountSettings, AccountSettingName, Environment } from '../pipeline.config';
import { JobLog } from '../runs/job-log.port';
import { Job } from '../runs/run';
import { RunService } from '../runs/run.service';
import { ObjectStore } from '../storage/object-store.port';
import { CloudWatchJobLog } from './cloudwatch-job-log';
import { codeVersion } from './git-code-version';
import { LocalJobLog } from './local-job-log';
import { LocalObjectStore } from './local-object-store';
import { S3ObjectStore } from './s3-object-store';
import { SageMakerPipelines } from './sagemaker-pipelines';
import { SageMakerDeployer } from './sagemaker-deployer';
import { CalledService, explained } from './sagemaker-problems';
import { SageMakerRegistry } from './sagemaker-registry';
import { StageDeployer } from './stage-deployer';
import { labelsOf } from './shipped-models';
import { reasonOf } from '../reason-of';

/** A SageMaker that answers in this process. */
export interface LocalServer {
  readonly url: string;
  /** Undefined when no process serves the endpoint. */
  runningEndpoint(endpointName: string): Promise<object | undefined>;
  stop(): Promise<void>;
}

export interface ConnectOptions {
  readonly environment: Environment;
  /** Holds package.json and the pipeline's definition. */
  readonly productFolder: string;
  readonly startLocalSageMaker: (state: string) => Promise<LocalServer>;
  readonly jobLogFile: (state: StateFolder, job: Job) => string;
  /** Instead of the one that deploys. */
  readonly deployer?: ModelDeployer;
  /** Between two looks at what SageMaker is doing, on AWS. */
  readonly pollIntervalMs?: number;
}

/** There is nobody to pay for asking; a person watches. */
const LOCAL_POLL_INTERVAL_MS = 400;
/** SageMaker throttles those who ask often, and its steps take minutes. */
const SAGEMAKER_POLL_INTERVAL_MS = 10_000;
/** A stage that watches alarms is deployed by its own stack; by hand all traffic moves at once, after the new fleet is healthy. */
const ROLLOUT = {
  traffic: { shift: 'all-at-once' },
  terminationWaitSeconds: 0,
  maximumSeconds: 3600,
  alarms: [],
} as const;
const DEFAULT_INSTANCE_TYPE = 'ml.m5.large';
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } as const;
const LOCAL_ROLE = 'arn:aws:iam::000000000000:role/local';
const LOCAL_IMAGE = 'image-classifier-model:local';

export function connector(context: ConnectOptions): Connect {
  return (options, needs) =>
    options.on === 'local' ? connectHere(context, options) : connectToSageMaker(context, options, needs);
}

async function connectHere(context: ConnectOptions, options: PlaceOptions & DeployOptions): Promise<Connection> {
  await requireWritable(options.state);
  const server = await context.startLocalSageMaker(options.state);
  const state = new StateFolder(options.state);
  const client = new SageMakerClient({ ...LOCAL, endpoint: server.url });
  const objects = new LocalObjectStore(new LocalS3(state));
  return assemble(context, options, {
    client,
    service: { name: 'The SageMaker of this machine', isLocal: true },
    objects,
    modelFiles: objects,
    jobLog: new LocalJobLog((job) => context.jobLogFile(state, job)),
    account: { bucket: 'local', role: LOCAL_ROLE, image: LOCAL_IMAGE },
    pollIntervalMs: LOCAL_POLL_INTERVAL_MS,
    isServed: async () => (await server.runningEndpoint(options.endpoint)) !== undefined,
    close: async () => {
      client.destroy();
      await server.stop();
    },
  });
}

async function connectToSageMaker(
  context: ConnectOptions,
  options: PlaceOptions & DeployOptions,
  needs: readonly AccountSettingName[],
): Promise<Connection> {
  const given = accountSettings(options, context.environment);
  requireSettings(given, needs);
  const client = new SageMakerClient({});
  const region = await explained({ name: 'AWS', isLocal: false }, client.config.region());
  const s3 = new S3Client({ region });
  const logs = new CloudWatchLogsClient({ region });
  return assemble(context, options, {
    client,
    service: { name: `SageMaker in ${region}`, isLocal: false },
    objects: new S3ObjectStore(s3, { name: 'S3', isLocal: false }, given.bucket ?? '', given.dataBucket),
    modelFiles: new S3ModelFiles(s3),
    jobLog: new CloudWatchJobLog(logs),
    account: given,
    pollIntervalMs: context.pollIntervalMs ?? SAGEMAKER_POLL_INTERVAL_MS,
    isServed: () => Promise.resolve(true),
    close: () => {
      for (const each of [client, s3, logs]) each.destroy();
      return Promise.resolve();
    },
  });
}

interface Parts {
  readonly client: SageMakerClient;
  readonly service: CalledService;
  readonly objects: ObjectStore;
  readonly modelFiles: DeploymentContext['objects'];
  readonly jobLog: JobLog;
  readonly account: AccountOptions;
  readonly pollIntervalMs: number;
  readonly isServed: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

function assemble(context: ConnectOptions, options: PlaceOptions & DeployOptions, parts: Parts): Connection {
  const { client, service, objects, modelFiles, jobLog, pollIntervalMs, isServed, close } = parts;
  const { role = '', image = '', bucket = '' } = parts.account;
  const { group, endpoint } = options;
  const pipelines = new SageMakerPipelines(client, service, group, role);
  const deployment = {
    ...{ sageMaker: client, objects: modelFiles, pollIntervalMs },
    settings: {
      endpointName: endpoint,
      modelPackageGroup: group,
      executionRoleArn: role,
      bucket,
      capacity: {
        kind: 'instances',
        instanceType: options.instanceType ?? DEFAULT_INSTANCE_TYPE,
        instanceCount: options.instances ?? 1,
      },
      rollout: ROLLOUT,
    },
  } as const;
  const { stage } = options;
  const registry = new SageMakerRegistry(client, service, group);
  const deployer =
    context.deployer ??
    (stage === undefined
      ? new SageMakerDeployer(deployment, service, isServed)
      : new StageDeployer(deployment, service, registry, stage));
  const models = new ModelService(registry, objects, deployer, group);
  const runs = new RunService(pipelines, objects, jobLog, models, {
    ...{ role, image, group, endpoint, pollIntervalMs },
    ...(stage === undefined ? {} : { stage }),
    definition: () => readFile(join(context.productFolder, 'apps', 'pipeline', 'pipeline-definition.json'), 'utf8'),
    codeVersion: () => codeVersion(context.productFolder),
  });
  const shippedLabels = (modelName: string) => labelsOf(join(context.productFolder, 'models'), modelName);
  return { runs, models, pipelines, objects, deployer, shippedLabels, close };
}

function requireSettings(given: AccountOptions, needs: readonly AccountSettingName[]): void {
  const missing = ACCOUNT_SETTINGS.filter(({ name }) => needs.includes(name) && given[name] === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ option, variable }) => `${option} (or ${variable})`);
  throw new UsageError(`On SageMaker ${enumerate(names)} ${names.length === 1 ? 'is' : 'are'} needed.`);
}

async function requireWritable(folder: string): Promise<void> {
  const probe = join(folder, `.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new CommandError(
      `The state folder ${folder} cannot be written (${reasonOf(error)}). Name another one with --state DIR.`,
      undefined,
      { cause: error },
    );
  }
}
