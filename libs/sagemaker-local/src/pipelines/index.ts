/** SageMaker Pipelines on this machine: what the control plane and the command line need of it. */
export { jobLogFile } from './job-log';
export type { JobKind } from './job-record';
export * from './pipeline.service';
