/** SageMaker at the wire, on this machine: the runtime and the control plane; for development and tests only. */
export { ContainerStartError, EXIT_CODE_REFUSED } from './container-process';
export type { CallOperation } from './control-plane/control-plane';
export * from './control-plane/operation';
export * from './endpoint-log';
export * from './free-port';
export type { EndpointProcess } from './hosting/endpoint-processes';
export * from './local-endpoint';
export * from './local-sagemaker';
export * from './managed-process';
export * from './pipelines';
export * from './places';
export { SHIPPED_NAME } from './shipped-model';
export * from './state';
