/** What the function does about an event: a dataset version is learnt from once. It knows nothing of Lambda and queues. */
import { DatasetManifest, DatasetManifestError, datasetPrefix, parseDatasetManifest } from '@app/contracts/dataset';
import { NOTHING_FILE } from '@app/contracts/learning';
import { DEFAULT_TEST_SHARE, NOTHING_TEXT, runParameters } from '@app/contracts/pipeline';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { createHash } from 'node:crypto';
import type { FunctionLog } from '../function-log';
import { DatasetVersions, isManifestKey } from './dataset-versions';
import { PipelineRuns } from './pipeline-runs';
import type { TrainingSettings } from './start-training.config';
import type { TrainingEvent } from './training-events';
import { trainingImage } from './training-image';

export interface TrainingContext {
  readonly sageMaker: SageMakerClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  readonly settings: TrainingSettings;
}

/** A dataset version, as its manifest says. */
interface Dataset {
  readonly uri: string;
  readonly manifest: DatasetManifest;
  /** Prefix of its class folders. */
  readonly data: string;
  /** Says the same for the same manifest at the same place. */
  readonly token: string;
}

export async function startTraining(event: TrainingEvent, context: TrainingContext, log: FunctionLog): Promise<void> {
  if (event.kind === 'dataset') await learnFromNew(event, context, log);
  else await learnAgain(event, context, log);
}

async function learnFromNew(
  { bucket, key }: TrainingEvent & { kind: 'dataset' },
  context: TrainingContext,
  log: FunctionLog,
): Promise<void> {
  if (bucket !== context.settings.dataBucket || !isManifestKey(key)) {
    log.log('info', 'not the manifest of a dataset version', { bucket, key });
    return;
  }
  const dataset = await datasetAt(key, context, log);
  if (dataset === undefined) return;
  const run = await new PipelineRuns(context.sageMaker, context.settings.pipeline).on(dataset.data);
  if (run === undefined) await start(dataset, 'new dataset version', context, log);
  else log.log('info', 'a run has this dataset version already', { dataset: dataset.uri, run: run.arn });
}

async function learnAgain(
  { alarm }: TrainingEvent & { kind: 'drift' },
  context: TrainingContext,
  log: FunctionLog,
): Promise<void> {
  const { pipeline, dataBucket } = context.settings;
  const nothingNew = (message: string, fields: object) => {
    log.count('NothingNewToLearn', { Pipeline: pipeline }, message, { alarm, ...fields }, 'warn');
  };
  const key = await new DatasetVersions(context.s3, dataBucket).newestManifestKey();
  if (key === undefined) {
    nothingNew('drift, and there is no dataset version to learn from: make one with `feedback dataset`', {});
    return;
  }
  const dataset = await datasetAt(key, context, log);
  if (dataset === undefined) return;
  const run = await new PipelineRuns(context.sageMaker, pipeline).on(dataset.data);
  if (run === undefined) {
    await start(dataset, 'drift', context, log);
    return;
  }
  const fields = { dataset: dataset.uri, run: run.arn, runStatus: run.status };
  nothingNew('drift, and a run has had the newest dataset version: there is nothing new to learn from', fields);
}

/** Undefined for a version that is gone, or cannot be used, which is told. */
async function datasetAt(
  key: string,
  { s3, settings: { dataBucket, pipeline } }: TrainingContext,
  log: FunctionLog,
): Promise<Dataset | undefined> {
  const uri = `s3://${dataBucket}/${key}`;
  const text = await new DatasetVersions(s3, dataBucket).manifest(key);
  if (text === undefined) {
    log.log('info', 'the dataset version was deleted', { dataset: uri });
    return undefined;
  }
  try {
    const manifest = parseDatasetManifest(text);
    const token = createHash('sha256').update(`${uri}\n${text}`).digest('hex');
    return { uri, manifest, data: datasetPrefix(manifest, uri), token };
  } catch (error) {
    if (!(error instanceof DatasetManifestError)) throw error;
    log.count('TrainingRefused', { Pipeline: pipeline }, error.message, { dataset: uri });
    return undefined;
  }
}

async function start(
  { uri, manifest, data, token }: Dataset,
  why: string,
  { sageMaker, s3, ssm, settings }: TrainingContext,
  log: FunctionLog,
): Promise<void> {
  const { pipeline, surroundings, parameters } = settings;
  const { places } = surroundings;
  await markEmpty(s3, settings.modelsBucket, [places.nothing, places.deployed]);
  const current = { ...surroundings, ...(await trainingImage(ssm, settings)) };
  const { name, version, test, other } = manifest;
  const all = {
    ...parameters,
    ...runParameters(
      { data, ...(test === undefined ? {} : { test }), ...(other === undefined ? {} : { other }) },
      current,
    ),
    ...(test === undefined ? { TestShare: DEFAULT_TEST_SHARE } : {}),
    ModelName: name,
  };
  const run = await new PipelineRuns(sageMaker, pipeline).start(name, all, token);
  const fields = { why, dataset: uri, name, version, images: manifest.images, run };
  log.count('TrainingStarted', { Pipeline: pipeline }, 'training started', fields, 'info');
}

/** The pipeline knows no optional inputs. The file does no harm beside a model that is there. */
async function markEmpty(s3: S3Client, Bucket: string, prefixes: readonly string[]): Promise<void> {
  for (const prefix of prefixes) {
    const Key = `${prefix.slice(`s3://${Bucket}/`.length)}${NOTHING_FILE}`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: NOTHING_TEXT }));
  }
}
