/** A training job as SageMaker's container contract has it, and what `DescribeTrainingJob` says of it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { arnOf } from '../control-plane/arn';
import { LocalS3 } from '../state';
import { HOST_CONFIG, JobError, JobFolder } from './job-folder';
import { JobRecord } from './job-record';
import { isObject, JsonObject, member, objectsOf, textListMember, textMember } from './json';
import { packArchive } from './pack-archive';
import { commandOf } from './run-container';
import { JobHost, JobPlan } from './run-job';

export function planTrainingJob(name: string, request: JsonObject, { command, s3 }: JobHost): JobPlan {
  const algorithm = request['AlgorithmSpecification'];
  const output = `${(textMember(request, 'OutputDataConfig', 'S3OutputPath') ?? '').replace(/\/+$/, '')}/${name}/output`;
  return {
    kind: 'training-job',
    name,
    request: { TrainingJobName: name, ...request },
    command: commandOf(
      command,
      textListMember(algorithm, 'ContainerEntrypoint'),
      textListMember(algorithm, 'ContainerArguments'),
      'train',
    ),
    environment: { TRAINING_JOB_NAME: name, TRAINING_JOB_ARN: arnOf('training-job', name) },
    metrics: objectsOf(member(algorithm, 'MetricDefinitions')).map((metric) => ({
      name: textMember(metric, 'Name') ?? '',
      expression: new RegExp(textMember(metric, 'Regex') ?? ''),
    })),
    async prepare(folder) {
      for (const each of ['model', 'output/data']) await folder.makeFolder(`/opt/ml/${each}`);
      await folder.writeConfig('/opt/ml/input/config/hyperparameters.json', objectIn(request, 'HyperParameters'));
      await folder.writeConfig('/opt/ml/input/config/resourceconfig.json', HOST_CONFIG);
      await folder.writeConfig('/opt/ml/input/config/inputdataconfig.json', inputDataConfig(request));
      for (const channel of objectsOf(request['InputDataConfig'])) {
        const uri = textMember(channel, 'DataSource', 'S3DataSource', 'S3Uri') ?? '';
        await folder.linkInput(uri, `/opt/ml/input/data/${textMember(channel, 'ChannelName') ?? ''}`);
      }
      const checkpoints = request['CheckpointConfig'];
      const uri = textMember(checkpoints, 'S3Uri');
      if (uri === undefined) await folder.makeFolder('/opt/ml/checkpoints');
      else await folder.linkShared(uri, textMember(checkpoints, 'LocalPath') ?? '/opt/ml/checkpoints');
    },
    failure: (folder) => folder.readMessage('/opt/ml/output/failure'),
    exitMessage: () => Promise.resolve(undefined),
    async upload(folder) {
      const model = `${output}/model.tar.gz`;
      if (!(await packAndMove(folder, '/opt/ml/model', model, s3))) {
        throw new JobError('The training program ended well but left no file in /opt/ml/model.');
      }
      const data = `${output}/output.tar.gz`;
      return (await packAndMove(folder, '/opt/ml/output/data', data, s3)) ? [model, data] : [model];
    },
  };
}

export function describeTrainingJob(record: JobRecord): JsonObject {
  const { request, startTime, endTime, phases, warning, status } = record;
  const last = phases.at(-1);
  const modelArtifacts = Object.keys(record.outputs).find((uri) => uri.endsWith('/model.tar.gz'));
  const seconds = startTime === undefined || endTime === undefined ? undefined : Math.ceil(endTime - startTime);
  return {
    ...request,
    TrainingJobArn: arnOf('training-job', record.name),
    TrainingJobStatus: status,
    // The record of a job whose process is gone ends in the middle.
    SecondaryStatus: status === 'Stopped' && last?.phase !== 'MaxRuntimeExceeded' ? 'Stopped' : (last?.phase ?? status),
    SecondaryStatusTransitions: phases.map(({ phase, start, end }) => ({
      Status: phase,
      StartTime: start,
      EndTime: end,
      StatusMessage: phase === last?.phase ? (record.failureReason ?? warning ?? MESSAGES[phase]) : MESSAGES[phase],
    })),
    FinalMetricDataList: record.metrics.map(({ name, value, time }) => ({
      MetricName: name,
      Value: value,
      Timestamp: time,
    })),
    ModelArtifacts: modelArtifacts === undefined ? undefined : { S3ModelArtifacts: modelArtifacts },
    FailureReason: record.failureReason,
    CreationTime: record.creationTime,
    TrainingStartTime: startTime,
    TrainingEndTime: endTime,
    LastModifiedTime: endTime ?? last?.start ?? record.creationTime,
    TrainingTimeInSeconds: seconds,
    BillableTimeInSeconds: seconds,
  };
}

const MESSAGES: Readonly<Partial<Record<string, string>>> = {
  Starting: 'Preparing the job',
  Downloading: 'Linking the input data',
  Training: 'The training program runs',
  Uploading: 'Packing the model',
  Completed: 'Training job completed',
};

function inputDataConfig(request: JsonObject): JsonObject {
  const channels = objectsOf(request['InputDataConfig']).map((channel) => [
    textMember(channel, 'ChannelName'),
    {
      TrainingInputMode: 'File',
      ContentType: channel['ContentType'],
      S3DistributionType: member(channel, 'DataSource', 'S3DataSource', 'S3DataDistributionType') ?? 'FullyReplicated',
      RecordWrapperType: channel['RecordWrapperType'] ?? 'None',
    },
  ]);
  return Object.fromEntries(channels) as JsonObject; // pairs of name and object
}

function objectIn(request: JsonObject, name: string): JsonObject {
  const found = request[name];
  return isObject(found) ? found : {};
}

/** Packed beside the job, so that a job which is killed leaves nothing half in S3. */
async function packAndMove(folder: JobFolder, from: string, uri: string, s3: LocalS3): Promise<boolean> {
  const archives = join(folder.base, 'archives');
  await mkdir(archives, { recursive: true });
  const archive = join(archives, uri.slice(uri.lastIndexOf('/') + 1));
  if (!(await packArchive(folder.path(from), archive))) return false;
  await s3.move(archive, uri);
  return true;
}
