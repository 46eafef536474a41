export * from './onnx-protobuf';
export * from './read-linear-head';
