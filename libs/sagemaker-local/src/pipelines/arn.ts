/** Amazon resource names of what runs here. */

const PREFIX = 'arn:aws:sagemaker:us-east-1:000000000000:';
export type JobKind = 'training-job' | 'processing-job';

export function pipelineArn(pipeline: string): string {
  return localArn(`pipeline/${pipeline}`);
}

export function executionArn(pipeline: string, execution: string): string {
  return `${pipelineArn(pipeline)}/execution/${execution}`;
}

export function jobArn(kind: JobKind, job: string): string {
  return localArn(`${kind}/${job}`);
}

/** The last part of a name or of an ARN: the execution's id, the pipeline's name. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

function localArn(resource: string): string {
  return `${PREFIX}${resource}`;
}
