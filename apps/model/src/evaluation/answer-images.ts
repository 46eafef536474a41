// What a model says to images, computed as in training: pixels and network by `extractFeatures`, no HTTP. The serving path is
// compared with it. Works with every package that can be served.
import { Decision } from '@app/contracts/classification';
import { DecisionThresholds } from '@app/contracts/sagemaker';
import { DatasetImage, extractFeatures, ExtractProgress, LeftOut, softmaxRows, topPredictions } from '@app/learning';
import { energy } from '../inference/probabilities';
import { DEFAULT_OUTPUT_NAME, OUT_OF_SET_OUTPUT } from '../model-package/model-package';
import { EvaluatedPackage } from './evaluated-package';

/** A row, or an element, for each of `images`. */
export interface Answers {
  /** Those that could be decoded. */
  readonly images: readonly DatasetImage[];
  readonly leftOut: readonly LeftOut[];
  readonly classes: number;
  /** `[images, classes]`. Of a model that gives probabilities, their logarithms; `temperature` is then 1. */
  readonly logits: Float32Array;
  readonly temperature: number;
  /** `[images, classes]`, calibrated. */
  readonly probabilities: Float64Array;
  readonly predicted: Uint32Array;
  /** Probability of what was predicted. */
  readonly confidence: Float64Array;
  /** Higher is less like the training data; empty when the model has no such score. */
  readonly outOfSet: Float32Array;
  readonly decisions: readonly Decision[];
}

export interface AnswerOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExtractProgress) => void;
}

/** Throws what `extractFeatures` throws. */
export async function answerImages(
  { graph, manifest, tellsOutOfSet }: EvaluatedPackage,
  images: readonly DatasetImage[],
  options: AnswerOptions = {},
): Promise<Answers> {
  const scoreOutput = manifest.output?.name ?? DEFAULT_OUTPUT_NAME;
  const output = tellsOutOfSet ? [scoreOutput, OUT_OF_SET_OUTPUT] : scoreOutput;
  const network = { path: graph, input: manifest.input, output };
  const extracted = await extractFeatures(images, network, { ...options, views: ['identity'] });
  const rows = extracted.views.identity.features;

  const classes = manifest.labels.length;
  const width = tellsOutOfSet ? classes + 1 : classes;
  const scores = rows.filter((_, at) => at % width < classes);
  const givesLogits = manifest.output?.kind !== 'probabilities';
  const logits = givesLogits ? scores : scores.map((share) => Math.log(Math.max(share, LEAST_PROBABILITY)));
  const temperature = givesLogits ? manifest.temperature : 1;
  const probabilities = givesLogits ? softmaxRows(logits, classes, temperature) : Float64Array.from(scores);
  const top = topPredictions(probabilities, classes);

  const energies = () =>
    Float32Array.from(extracted.images, (_, row) =>
      energy(logits.subarray(row * classes, (row + 1) * classes), temperature),
    );
  const ownScores = () => rows.filter((_, at) => at % width === classes);
  const outOfSet = tellsOutOfSet ? ownScores() : givesLogits ? energies() : new Float32Array();
  return {
    images: extracted.images,
    leftOut: extracted.leftOut,
    classes,
    logits,
    temperature,
    probabilities,
    ...top,
    outOfSet,
    decisions: extracted.images.map((_, row) => decide(top.confidence[row] ?? 0, outOfSet[row], manifest.thresholds)),
  };
}

/** About the smallest float32. */
const LEAST_PROBABILITY = 1e-37;

/** As the business tier decides on what is served. */
function decide(score: number, outOfSet: number | undefined, { uncertain, unknown }: DecisionThresholds): Decision {
  if (outOfSet !== undefined && unknown !== undefined && outOfSet > unknown) return 'unknown';
  return score < uncertain ? 'uncertain' : 'label';
}
