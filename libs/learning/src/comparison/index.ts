/** Comparing models by what they said. Loads neither sharp nor ONNX Runtime, so that a command line may use it. */
export * from './compare-predictions';
