/** What tests of anything that serves a model need: a real ONNX classifier small enough to write at will. Never part of the product. */
export * from './write-colour-classifier';
