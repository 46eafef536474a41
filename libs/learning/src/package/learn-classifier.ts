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
  HeldOutAnswers,
  LabelledHead,
  trainHeadByEpochs,
  warmStart,
} from '../head';
import { ImageProperties } from '../image-properties';
import { evaluate, Evaluation, softmaxRows, topPredictions } from '../metrics';

/** `fit` goes to the optimum, with a strength that is chosen; `epochs` is plain training by mini-batches. */
export type LearningMethod =
  | ({ readonly method: 'fit' } & Omit<FitOptions, 'classes' | 'start'>)
  | ({ readonly method: 'epochs' } & Omit<EpochOptions, 'classes' | 'start'>);

export interface LearnOptions {
  /** Ids of the labels, in the order of the class numbers. */
  readonly labels: readonly string[];
  readonly training: FeatureSet;
  /**
   * One row per image, as it will be served; decides temperature and thresholds. Temperature and the threshold for `uncertain`
   * are also judged by what cross-validation held out, because a few hundred images alone make them a matter of luck.
   */
  readonly validation: FeatureSet;
  /** Of the validation images: for the baseline, where they are known. */
  readonly validationProperties?: ImageProperties;
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
  /** On the validation images, which had a part in choosing temperature and thresholds: too kind by a little. */
  readonly validation: Evaluation;
}

/** Throws a `RangeError` for options that make no sense. When the signal of `learning` is aborted, what there is gets calibrated. */
export async function learnClassifier(options: LearnOptions): Promise<LearnedClassifier> {
  const { labels, training, validation, validationProperties, learning, earlier } = options;
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
  const judged = joined({ logits, labels: validation.labels }, fitted.heldOut);
  const temperature = fitTemperature(judged.logits, judged.labels, classes);
  const judgedTop = topPredictions(softmaxRows(judged.logits, classes, temperature), classes);
  const isRight = Array.from(judged.labels, (label, row) => label === judgedTop.predicted[row]);
  const uncertain = chooseUncertainThreshold(judgedTop.confidence, isRight, selectiveAccuracy);
  const top = topPredictions(softmaxRows(logits, classes, temperature), classes);
  const unknown = chooseUnknownThreshold(outOfSet, unknownFalseAlarms);
  return {
    head,
    fitted,
    temperature,
    thresholds: { uncertain: uncertain.threshold, unknown: unknown.threshold },
    uncertain,
    unknown,
    baseline: driftBaseline({
      validation,
      top,
      outOfSet,
      labels,
      ...(validationProperties === undefined ? {} : { properties: validationProperties }),
    }),
    validation: evaluate({
      logits,
      labels: validation.labels,
      classes,
      temperature,
      uncertain: uncertain.threshold,
    }),
  };
}

function joined(a: HeldOutAnswers, b: HeldOutAnswers | undefined): HeldOutAnswers {
  if (b === undefined) return a;
  const logits = new Float32Array(a.logits.length + b.logits.length);
  const labels = new Uint32Array(a.labels.length + b.labels.length);
  logits.set(a.logits);
  logits.set(b.logits, a.logits.length);
  labels.set(a.labels);
  labels.set(b.labels, a.labels.length);
  return { logits, labels };
}
