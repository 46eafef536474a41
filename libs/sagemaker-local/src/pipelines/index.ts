/** SageMaker Pipelines on this machine: what the control plane and the command line need of it. */
export type { JobKind } from './arn';
export { jobLogFile } from './job-log';
export * from './pipeline.service';
