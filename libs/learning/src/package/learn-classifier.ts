// From features to all that a model package says: head, temperature, thresholds, baseline. Knows no files and no images.
import { DecisionThresholds, DriftBaseline } from '@app/contracts/sagemaker';
import { LinearHeadParts } from '@app/onnx';
import {
  chooseUncertainThreshold,
  chooseUnknownThreshold,
  classPrototypes,
  driftBaseline,
  fitTemperature,
  UncertainThreshold,
  UnknownThreshold,
} from '../calibration';
import { FeatureSet } from '../feature-set';
import {
  applyHead,
  EpochOptions,
  FitOptions,
  fitHead,
  FittedHead,
  LabelledHead,
  trainHeadByEpochs,
  warmStart,
} from '../head';
import { evaluate, Evaluation, softmaxRows, topPredictions } from '../metrics';

/** `fit` goes to the optimum, with a strength that is chosen; `epochs` is plain training by mini-batches. */
export type LearningMethod =
  | ({ readonly method: 'fit' } & Omit<FitOptions, 'classes' | 'start'>)
  | ({ readonly method: 'epochs' } & Omit<EpochOptions, 'classes' | 'start'>);

export interface LearnOptions {
  /** Ids of the labels, in the order of the class numbers. */
  readonly labels: readonly string[];
  readonly training: FeatureSet;
  /** One row per image, as it will be served; decides temperature and thresholds. */
  readonly validation: FeatureSet;
  readonly learning: LearningMethod;
  /** A head to go on from, as far as it knows the labels. */
  readonly earlier?: LabelledHead;
  /** How often an answer that is not `uncertain` has to be right; default 0.99. See `chooseUncertainThreshold` for when it cannot. */
  readonly selectiveAccuracy?: number;
  /** Share of images of known things that may be called `unknown`; default 0.05. */
  readonly unknownFalseAlarms?: number;
}

export interface LearnedClassifier {
  readonly head: LinearHeadParts;
  readonly fitted: FittedHead;
  readonly temperature: number;
  readonly thresholds: DecisionThresholds;
  readonly uncertain: UncertainThreshold;
  readonly unknown: UnknownThreshold;
  readonly baseline: DriftBaseline;
  /** On the validation images, by which temperature and thresholds were chosen: too kind by a little. */
  readonly validation: Evaluation;
}

/** Throws a `RangeError` for options that make no sense. When the signal of `learning` is aborted, what there is gets calibrated. */
export async function learnClassifier(options: LearnOptions): Promise<LearnedClassifier> {
  const { labels, training, validation, learning, earlier } = options;
  const { selectiveAccuracy = 0.99, unknownFalseAlarms = 0.05 } = options;
  const classes = labels.length;
  const start = earlier === undefined ? undefined : warmStart(earlier, labels, training.dimension);
  const common = { classes, ...(start === undefined ? {} : { start }) };
  const fitted =
    learning.method === 'fit'
      ? await fitHead(training, { ...learning, ...common })
      : await trainHeadByEpochs(training, { ...learning, ...common });

  const head = { ...fitted.head, prototypes: classPrototypes(training, classes) };
  const { logits, outOfSet } = await applyHead(head, validation, learning);
  const temperature = fitTemperature(logits, validation.labels, classes);
  const top = topPredictions(softmaxRows(logits, classes, temperature), classes);
  const isRight = Array.from(validation.labels, (label, row) => label === top.predicted[row]);
  const uncertain = chooseUncertainThreshold(top.confidence, isRight, selectiveAccuracy);
  const unknown = chooseUnknownThreshold(outOfSet, unknownFalseAlarms);
  return {
    head,
    fitted,
    temperature,
    thresholds: { uncertain: uncertain.threshold, unknown: unknown.threshold },
    uncertain,
    unknown,
    baseline: driftBaseline(validation, top, outOfSet, labels),
    validation: evaluate({
      logits,
      labels: validation.labels,
      classes,
      temperature,
      uncertain: uncertain.threshold,
    }),
  };
}
