/** The SageMaker Runtime at the wire, on this machine; for development and tests only. */
export { ContainerStartError, EXIT_CODE_REFUSED } from './container-process';
export * from './endpoint-log';
export * from './free-port';
export * from './local-endpoint';
export * from './managed-process';
export * from './pipelines';
export * from './places';
