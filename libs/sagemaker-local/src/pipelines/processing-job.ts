/** A processing job as SageMaker's container contract has it, and what `DescribeProcessingJob` says of it. */
import { arnOf } from '../control-plane/arn';
import { HOST_CONFIG } from './job-folder';
import { JobRecord } from './job-record';
import { JsonObject, member, objectsOf, textListMember, textMember } from './json';
import { commandOf } from './run-container';
import { JobHost, JobPlan } from './run-job';

export function planProcessingJob(name: string, request: JsonObject, { command, s3 }: JobHost): JobPlan {
  const specification = request['AppSpecification'];
  const outputs = objectsOf(member(request, 'ProcessingOutputConfig', 'Outputs')).map((output) => ({
    uri: textMember(output, 'S3Output', 'S3Uri') ?? '',
    localPath: textMember(output, 'S3Output', 'LocalPath') ?? '',
  }));
  const config = { ProcessingJobArn: arnOf('processing-job', name), ProcessingJobName: name, ...request };
  return {
    kind: 'processing-job',
    name,
    request: { ProcessingJobName: name, ...request },
    command: commandOf(
      command,
      textListMember(specification, 'ContainerEntrypoint'),
      textListMember(specification, 'ContainerArguments'),
      'evaluate',
    ),
    environment: {},
    metrics: [],
    async prepare(folder) {
      await folder.writeConfig('/opt/ml/config/processingjobconfig.json', config);
      await folder.writeConfig('/opt/ml/config/resourceconfig.json', HOST_CONFIG);
      await folder.makeFolder('/opt/ml/output');
      for (const { S3Input: input } of objectsOf(request['ProcessingInputs'])) {
        await folder.linkInput(textMember(input, 'S3Uri') ?? '', textMember(input, 'LocalPath') ?? '');
      }
      for (const { localPath } of outputs) await folder.makeFolder(localPath);
    },
    /** A processing container has no other place to say why; the first kilobyte is `ExitMessage` too. */
    failure: (folder) => folder.readMessage('/opt/ml/output/message'),
    exitMessage: (folder) => folder.readMessage('/opt/ml/output/message'),
    async upload(folder) {
      for (const { uri, localPath } of outputs) await s3.move(folder.path(localPath), uri);
      return outputs.map(({ uri }) => uri);
    },
  };
}

export function describeProcessingJob(record: JobRecord): JsonObject {
  return {
    ...record.request,
    ProcessingJobArn: arnOf('processing-job', record.name),
    ProcessingJobStatus: record.status,
    ExitMessage: record.exitMessage,
    FailureReason: record.failureReason,
    CreationTime: record.creationTime,
    ProcessingStartTime: record.startTime,
    ProcessingEndTime: record.endTime,
    LastModifiedTime: record.endTime ?? record.startTime ?? record.creationTime,
  };
}
