/**
 * Names under which training and processing jobs find their data: channels of a training job lie in
 * `/opt/ml/input/data/<channel>`, inputs and outputs of a processing job in `/opt/ml/processing/<input|output>/<name>`.
 *
 * SageMaker knows no optional input: one that is not wanted is a prefix that holds nothing but the file `NOTHING_FILE`.
 */
export const TrainingChannel = {
  /** A folder of photos for each class; required. */
  train: 'train',
  /** Test photos: training photos that are among them are left out. Optional, and not looked at when `test-share` sets a part aside. */
  test: 'test',
  /** An earlier model package (`model.tar.gz`) to go on from. Optional. */
  model: 'model',
  /** `backbone.onnx`, and `backbone.json` with its `input` and `output`, instead of the backbone that ships. Optional. */
  backbone: 'backbone',
} as const;

export const EvaluationInput = {
  /** `model.tar.gz` of the training job; required. */
  model: 'model',
  /** Test photos; the training data when the training job set a share of it aside for testing. Required. */
  test: 'test',
  /** Photos of things that the model does not know, in any folders. Optional. */
  other: 'other',
  /** `model.tar.gz` of the deployed model, to be compared with. Optional. */
  deployed: 'deployed',
} as const;

export const EvaluationOutput = {
  /** Holds the files of `EvaluationFile`. */
  evaluation: 'evaluation',
} as const;

export const EvaluationFile = {
  /** `EvaluationReport` */
  report: 'evaluation.json',
  /** `TestPredictions` */
  predictions: 'predictions.json',
  /** For people: one page without any other file. */
  page: 'report.html',
} as const;

/** Says in words that the prefix is empty on purpose. */
export const NOTHING_FILE = 'NOTHING.txt';
