/**
 * ONNX Runtime in worker threads, and reading and writing ONNX graphs. The only place that touches `onnxruntime-node`;
 * knows neither images nor labels nor HTTP.
 */
export * from './available-cpus';
export * from './graph';
export * from './session-pool';
