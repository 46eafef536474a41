export { createSessionPool, type RunRequest, type RunResult, type SessionPool } from './session-pool';
export type { SessionPoolOptions } from './session-pool';
export * from './session-pool.error';
export type { GraphValue, InputTensor, OutputTensor } from './tensors';
