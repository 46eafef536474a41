// Where the pipeline keeps what it makes, in the bucket for models. The policies of cloudformation/40-ml.yaml have the same prefixes.

/** What stands in a prefix that holds nothing (`NOTHING_FILE`). */
export const NOTHING_TEXT = 'This prefix holds nothing on purpose: an input of a job that is not wanted.\n';

export interface PipelinePlaces {
  /** Prefix below which jobs write, without a slash at its end. */
  readonly runs: string;
  /** Prefix of features that were computed before, without a slash at its end. */
  readonly features: string;
  /** Prefix that holds nothing, for inputs that are not wanted. */
  readonly nothing: string;
  /** Prefix of the model that the endpoint serves. */
  readonly deployed: string;
}

/** @param bucket as an S3 URI without a slash at its end: `s3://models` */
export function pipelinePlaces(bucket: string, endpointName: string): PipelinePlaces {
  return {
    runs: `${bucket}/runs`,
    features: `${bucket}/features`,
    nothing: `${bucket}/nothing/`,
    deployed: `${bucket}/deployed/${endpointName}/`,
  };
}

/** Of the model that the endpoint serves: evaluations compare with it. */
export function deployedModelUri(bucket: string, endpointName: string): string {
  return `${pipelinePlaces(bucket, endpointName).deployed}model.tar.gz`;
}
