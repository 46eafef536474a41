export * from './append-to-graph';
export * from './graph-parts';
export * from './linear-head-graph';
export * from './onnx-protobuf';
export * from './read-linear-head';
