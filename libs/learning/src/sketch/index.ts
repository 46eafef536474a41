/** Features made short, alike in training and serving. Loads neither sharp nor ONNX Runtime. */
export * from './feature-sketch';
