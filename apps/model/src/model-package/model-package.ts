import { ModelManifest } from '@app/contracts/sagemaker';
import { LinearHead, SessionPool } from '@app/onnx';

/** A model package that has been checked and whose sessions are warm. */
export interface ModelPackage {
  readonly manifest: ModelManifest;
  readonly pool: SessionPool;
  /** The linear layer between `features` and the logits; absent when the graph does not allow class activation maps. */
  readonly head?: LinearHead;
}

/** Names in the graph where `model.json` says nothing else. */
export const DEFAULT_INPUT_NAME = 'image';
export const DEFAULT_OUTPUT_NAME = 'logits';
/** Global average of the feature map, `[n, d]`: what goes into the linear head. */
export const FEATURES_OUTPUT = 'features';
/** `[n, d, height, width]`. */
export const FEATURE_MAP_OUTPUT = 'feature_map';
/** `[n]`, higher is less like the training data; a graph that has it is believed rather than the energy of its logits. */
export const OUT_OF_SET_OUTPUT = 'out_of_set';
