// The classifier head: multinomial logistic regression with an L2 penalty, its strength chosen by cross-validation; or trained
// by plain mini-batches. Knows features and class numbers, not images.
import { fitTemperature } from '../calibration';
import { FeatureSet } from '../feature-set';
import { logLoss, softmaxRows, topPredictions } from '../metrics';
import { Evaluation, minimise } from './lbfgs';
import { Head } from './linear-head';
import { seededRandom, shuffle } from './seeded-random';
import { SoftmaxStep, SoftmaxStepOptions } from './softmax-step';

export interface TrainingOptions extends SoftmaxStepOptions {
  /** Same seed, same head. Default 0. */
  readonly seed?: number;
  /** Where to begin. A fitted head does not depend on it, only its time does. */
  readonly start?: Head;
  /** When it is aborted, what there is becomes the result; `fitHead` still makes a head of use when there is none yet. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingProgress {
  readonly phase: 'cross-validation' | 'fit' | 'epoch';
  /** Steps, strengths or epochs that are done; of how many, where that is known. */
  readonly done: number;
  readonly of?: number;
  /** Mean loss per image in nats, penalty not counted: on the part held out in cross-validation, else on what was trained on. */
  readonly loss: number;
  /** Share that is right, of the same images. */
  readonly accuracy: number;
}

export interface FitOptions extends TrainingOptions {
  /**
   * The L2 penalty is strength / 2 x the sum of the squared weights (not the biases), beside the sum of the losses. Several are compared by
   * cross-validation, from strong to weak, until two in a row bring nothing. Default `DEFAULT_STRENGTHS`.
   */
  readonly strengths?: readonly number[];
  /** Default 5. */
  readonly folds?: number;
  /** Rows of one image, its views, share a number and stay in one fold; the first of them is the image as it is. Default: every row is an image of its own. */
  readonly groups?: Uint32Array;
  /** Cross-validation looks at no more rows than this, drawn by the seed: enough to choose one number. Default 20,000. */
  readonly crossValidationRows?: number;
}

export interface EpochOptions extends TrainingOptions {
  /** Default 30. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** At the beginning; it falls to 0 along a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983). Default 0.1. */
  readonly learningRate?: number;
  /** Default 0.9. */
  readonly momentum?: number;
  /** As in `FitOptions`. Default 0. */
  readonly strength?: number;
}

export interface FittedHead {
  readonly head: Head;
  readonly strength: number;
  /** One entry per strength that was tried; empty when there was nothing to choose. */
  readonly crossValidation: readonly StrengthScore[];
  /** Of each image that cross-validation looked at, the answer of a head of the same strength that had not seen it. */
  readonly heldOut?: HeldOutAnswers;
  /** Steps of the final fit, or epochs. */
  readonly iterations: number;
  /** False when it was stopped, be it while the strength was chosen, or when rounding stopped it before the tolerance. */
  readonly converged: boolean;
}

export interface HeldOutAnswers {
  /** `[count, classes]` */
  readonly logits: Float32Array;
  /** `[count]` */
  readonly labels: Uint32Array;
}

export interface StrengthScore {
  readonly strength: number;
  /** Mean over the images that were held out, after temperature scaling, weighed by class. */
  readonly loss: number;
  readonly accuracy: number;
}

/** 10,000 to 0.01 in half decades. */
export const DEFAULT_STRENGTHS: readonly number[] = Array.from({ length: 13 }, (_, step) => 10 ** (4 - step / 2));
const DEFAULT_FOLDS = 5;
const DEFAULT_CROSS_VALIDATION_ROWS = 20_000;
/** Choosing needs fewer digits than the head. */
const CROSS_VALIDATION_TOLERANCE = 1e-4;
const FIT_TOLERANCE = 1e-5;
/**
 * SageMaker gives 120 s between SIGTERM and SIGKILL, and a step on 100,000 images takes 2 s: half of the time is left for
 * calibrating and writing.
 */
const STEPS_WHEN_STOPPED = 30;
/** Strengths in a row without a better loss that end the search. */
const PATIENCE = 2;

/** Weights that make every class count alike: rows / (classes x rows of the class). */
export function balancedClassWeights(labels: Uint32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (classes * count)));
}

/**
 * Fits the head by L-BFGS to the optimum of the penalised loss. When the signal is aborted before the final fit, that fit still takes
 * up to `STEPS_WHEN_STOPPED` steps, with the best strength so far, or the middle one when none was through; a signal that
 * is aborted later ends the fit after the step it is at. Throws a `RangeError` for options or labels that make no sense.
 */
export async function fitHead(set: FeatureSet, options: FitOptions): Promise<FittedHead> {
  const strengths = [...(options.strengths ?? DEFAULT_STRENGTHS)].sort((a, b) => b - a);
  const middle = strengths[Math.floor(strengths.length / 2)];
  if (middle === undefined || strengths.some((strength) => !(strength >= 0))) {
    throw new RangeError('strengths must be one or more numbers, none below 0');
  }
  const step = await SoftmaxStep.open(set, options);
  try {
    const problem = new Problem(step, set, options);
    const { scores, best } =
      strengths.length === 1 ? { scores: [], best: undefined } : await crossValidate(problem, strengths, options);
    const strength = best?.score.strength ?? middle;
    const begin = step.toParameters(options.start);
    const { signal, ...unstoppable } = options;
    const isStopped = signal?.aborted === true;
    const how = isStopped ? { ...unstoppable, maxIterations: STEPS_WHEN_STOPPED } : options;
    const solved = await problem.solve(problem.allRows, strength, begin, FIT_TOLERANCE, how);
    return {
      head: step.toHead(solved.point),
      strength,
      crossValidation: scores,
      ...(best === undefined ? {} : { heldOut: best.answers }),
      iterations: solved.iterations,
      converged: solved.converged && !isStopped,
    };
  } finally {
    await step.close();
  }
}

/** Trains the head by stochastic gradient descent with momentum, batch by batch. Throws as `fitHead` does. */
export async function trainHeadByEpochs(set: FeatureSet, options: EpochOptions): Promise<FittedHead> {
  const { epochs = 30, batchSize = 32, learningRate = 0.1, momentum = 0.9, strength = 0, seed = 0 } = options;
  if (!(epochs >= 1 && batchSize >= 1 && learningRate > 0 && momentum >= 0 && momentum < 1 && strength >= 0)) {
    throw new RangeError(
      'epochs, batch size and learning rate must be above 0, momentum from 0 to below 1, strength not below 0',
    );
  }
  const step = await SoftmaxStep.open(set, options);
  const isStopped = () => options.signal?.aborted === true;
  try {
    const problem = new Problem(step, set, options);
    const random = seededRandom(seed);
    const rows = problem.allRows.slice();
    const batches = Math.ceil(rows.length / batchSize);
    const parameters = step.toParameters(options.start);
    const velocity = new Float64Array(parameters.length);
    let epoch = 0;
    for (; epoch < epochs && !isStopped(); epoch += 1) {
      shuffle(rows, random);
      let [loss, hits, seen] = [0, 0, 0];
      for (let batch = 0; batch < batches && !isStopped(); batch += 1) {
        const part = rows.subarray(batch * batchSize, (batch + 1) * batchSize);
        const result = await step.run(parameters, part);
        const rate = (learningRate / 2) * (1 + Math.cos((Math.PI * (epoch + batch / batches)) / epochs));
        const decay = strength / problem.totalWeight;
        for (let at = 0; at < parameters.length; at += 1) {
          const penalty = at < problem.weightCount ? decay * (parameters[at] ?? 0) : 0;
          velocity[at] = momentum * (velocity[at] ?? 0) - rate * ((result.gradient[at] ?? 0) / part.length + penalty);
          parameters[at] = (parameters[at] ?? 0) + (velocity[at] ?? 0);
        }
        loss += result.loss;
        hits += result.hits;
        seen += part.length;
      }
      if (seen > 0) {
        options.onProgress?.({ phase: 'epoch', done: epoch + 1, of: epochs, loss: loss / seen, accuracy: hits / seen });
      }
    }
    const converged = !isStopped();
    return { head: step.toHead(parameters), strength, crossValidation: [], iterations: epoch, converged };
  } finally {
    await step.close();
  }
}

/** The penalised loss over any of the rows of one training set. */
class Problem {
  readonly allRows: Uint32Array;
  readonly totalWeight: number;
  readonly weightCount: number;

  constructor(
    readonly step: SoftmaxStep,
    readonly set: FeatureSet,
    private readonly options: TrainingOptions,
  ) {
    this.allRows = Uint32Array.from(set.labels.keys());
    this.totalWeight = this.weightOf(this.allRows);
    this.weightCount = step.classes * step.dimension;
  }

  /** Rows, weighed by their class. */
  weightOf(rows: Uint32Array): number {
    const { classWeights } = this.options;
    if (classWeights === undefined) return rows.length;
    return rows.reduce((sum, row) => sum + (classWeights[this.set.labels[row] ?? 0] ?? 0), 0);
  }

  solve(
    rows: Uint32Array,
    strength: number,
    start: Float64Array,
    tolerance: number,
    { signal, onProgress, maxIterations }: Pick<TrainingOptions, 'signal' | 'onProgress'> & { maxIterations?: number },
  ) {
    const total = this.weightOf(rows);
    const last = { loss: 0, accuracy: 0 };
    // Divided by the number of images, so that one tolerance holds for sets of all sizes.
    const evaluate = async (point: Float64Array): Promise<Evaluation> => {
      const { loss, hits, gradient } = await this.step.run(point, rows);
      let squares = 0;
      for (let at = 0; at < gradient.length; at += 1) {
        const weight = at < this.weightCount ? (point[at] ?? 0) : 0;
        squares += weight * weight;
        gradient[at] = ((gradient[at] ?? 0) + strength * weight) / total;
      }
      Object.assign(last, { loss: loss / total, accuracy: hits / rows.length });
      return { value: (loss + (strength / 2) * squares) / total, gradient };
    };
    const onIteration = (iteration: number) => {
      onProgress?.({ phase: 'fit', done: iteration, ...last });
      return signal?.aborted !== true;
    };
    const limit = maxIterations === undefined ? {} : { maxIterations };
    return minimise(evaluate, start, { tolerance, onIteration, ...limit });
  }
}

interface Fold {
  /** All rows of the images that are learned from. */
  readonly training: Uint32Array;
  /** Of each other image its first row, the image as it is. */
  readonly heldOut: Uint32Array;
}

interface CrossValidation {
  readonly scores: readonly StrengthScore[];
  /** Undefined when it was stopped before the first strength was through. */
  readonly best?: { readonly score: StrengthScore; readonly answers: HeldOutAnswers };
}

/** Every fold goes down the path with its own weights, so that each strength begins where the stronger one ended. */
async function crossValidate(
  problem: Problem,
  strengths: readonly number[],
  options: FitOptions,
): Promise<CrossValidation> {
  const { signal, onProgress, start } = options;
  const quiet = signal === undefined ? {} : { signal };
  const { step } = problem;
  const folds = foldsOf(problem.set, options);
  const labels = concatenated(folds.map(({ heldOut }) => heldOut.map((row) => problem.set.labels[row] ?? 0)));
  const points = folds.map(() => step.toParameters(start));
  const scores: StrengthScore[] = [];
  let best: CrossValidation['best'];
  let sinceBest = 0;
  for (const strength of strengths) {
    const logits = new Float32Array(labels.length * step.classes);
    let filled = 0;
    for (const [index, { training, heldOut }] of folds.entries()) {
      const begin = points[index] ?? step.toParameters();
      const { point } = await problem.solve(training, strength, begin, CROSS_VALIDATION_TOLERANCE, quiet);
      if (signal?.aborted === true) return { scores, ...(best === undefined ? {} : { best }) };
      points[index] = point;
      logits.set(await step.logits(point, heldOut), filled);
      filled += heldOut.length * step.classes;
    }
    const answers = { logits, labels };
    const score = { strength, ...scoreOf(answers, options) };
    scores.push(score);
    onProgress?.({ phase: 'cross-validation', done: scores.length, of: strengths.length, ...score });
    const isBetter = best === undefined || score.loss < best.score.loss;
    if (isBetter) best = { score, answers };
    sinceBest = isBetter ? 0 : sinceBest + 1;
    if (sinceBest >= PATIENCE) break;
  }
  return { scores, ...(best === undefined ? {} : { best }) };
}

/**
 * Loss after temperature scaling, because that is what will be served: without it, weights that are too large are preferred
 * to weights whose scale the temperature would have put right.
 */
function scoreOf(
  { logits, labels }: HeldOutAnswers,
  { classes, classWeights }: FitOptions,
): Omit<StrengthScore, 'strength'> {
  const probabilities = softmaxRows(logits, classes, fitTemperature(logits, labels, classes));
  const { predicted } = topPredictions(probabilities, classes);
  let [loss, weight, hits] = [0, 0, 0];
  labels.forEach((label, row) => {
    const importance = classWeights?.[label] ?? 1;
    loss +=
      importance * logLoss(probabilities.subarray(row * classes, (row + 1) * classes), Uint32Array.of(label), classes);
    weight += importance;
    if (predicted[row] === label) hits += 1;
  });
  return { loss: loss / weight, accuracy: hits / labels.length };
}

/** Stratified by class: of each class, its images (with all their rows) are shuffled and dealt out in turn. */
function foldsOf({ labels }: FeatureSet, options: FitOptions): Fold[] {
  const { folds = DEFAULT_FOLDS, seed = 0, crossValidationRows = DEFAULT_CROSS_VALIDATION_ROWS, groups } = options;
  if (!Number.isInteger(folds) || folds < 2)
    throw new RangeError(`cross-validation needs 2 folds or more, not ${folds}`);
  const rowsOfImage = new Map<number, number[]>();
  labels.forEach((_, row) => {
    const image = groups?.[row] ?? row;
    const rows = rowsOfImage.get(image);
    if (rows === undefined) rowsOfImage.set(image, [row]);
    else rows.push(row);
  });
  const images = Uint32Array.from(rowsOfImage.keys());
  shuffle(images, seededRandom(seed));
  const labelOf = (image: number) => labels[rowsOfImage.get(image)?.[0] ?? 0] ?? 0;
  const sizes = new Map<number, number>();
  for (const image of images) sizes.set(labelOf(image), (sizes.get(labelOf(image)) ?? 0) + 1);
  const share = Math.min(1, crossValidationRows / labels.length);
  const dealt = new Map<number, number>(); // images of a class so far
  const parts = Array.from({ length: folds }, (): number[] => []);
  for (const image of images) {
    const label = labelOf(image);
    const position = dealt.get(label) ?? 0;
    if (position >= Math.max(folds, Math.ceil((sizes.get(label) ?? 0) * share))) continue;
    dealt.set(label, position + 1);
    parts[(position + label) % folds]?.push(image);
  }
  const rowsOf = (image: number) => rowsOfImage.get(image) ?? [];
  return parts.map((part, index) => ({
    heldOut: Uint32Array.from(part.flatMap((image) => rowsOf(image).slice(0, 1))),
    training: Uint32Array.from(parts.flatMap((other, at) => (at === index ? [] : other.flatMap(rowsOf)))),
  }));
}

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(parts.flatMap((part) => Array.from(part)));
}
