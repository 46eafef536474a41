import {
  EvaluationReport,
  MulticlassClassificationMetrics,
  TestPrediction,
  TestPredictions,
} from '@app/contracts/learning';
import { createHash } from 'node:crypto';
import { fitTemperature } from '../calibration';
import { comparePredictions } from '../comparison';
import { seededRandom } from '../head/seeded-random';
import { Evaluation, evaluate, softmaxRows, topPredictions } from '../metrics';

export interface EvaluationFixtureOptions {
  readonly name?: string;
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly imagesPerClass: number;
  /** How far the logit of the right class stands out, in deviations of its noise: 3 names most of three classes rightly. */
  readonly margin: number;
  /** The same of a deployed model that is compared with, on the same images; without it, there is nothing to compare with. */
  readonly deployedMargin?: number;
  readonly seed?: number;
}

export interface EvaluationFixture {
  readonly report: EvaluationReport;
  readonly predictions: TestPredictions;
}

/** Classes of one group look alike, so that mistakes are not spread evenly. */
const GROUP = 4;
const LIKENESS = 0.35;
/** Networks are too sure of themselves before calibration. */
const OVERCONFIDENCE = 2;
/** For the temperature, of all images together: what takes longest. */
const VALIDATION_LOGITS = 12_000;
const THRESHOLDS = { uncertain: 0.62, unknown: 41.3 };
const CREATED = '2026-11-23T14:45:00.000Z';

/** What the evaluation of a made-up model on made-up images says; its figures are computed, and fit each other. */
export function evaluationFixture(options: EvaluationFixtureOptions): EvaluationFixture {
  const { name = 'flowers', labels, imagesPerClass, margin, deployedMargin, seed = 1 } = options;
  const images = labels.length * imagesPerClass;
  const logits = madeUpLogits(labels.length, images, margin, seed);
  const truth = madeUpTruth(labels.length, images);
  const validationImages = Math.min(images, Math.floor(VALIDATION_LOGITS / labels.length));
  const temperature = fitTemperature(
    madeUpLogits(labels.length, validationImages, margin, seed + 100),
    madeUpTruth(labels.length, validationImages),
    labels.length,
  );
  const { uncertain } = THRESHOLDS;
  const evaluation = evaluate({ logits, labels: truth, classes: labels.length, temperature, uncertain });
  const predictions = predictionsOf(logits, labels, temperature);
  const testHash = sha256(`test ${seed}`);
  const unknown = 0.02;
  const label = evaluation.coverage * (1 - unknown);
  return {
    predictions: { schemaVersion: 1, testHash, images: predictions },
    report: {
      multiclass_classification_metrics: metricsOf(evaluation, labels),
      schemaVersion: 1,
      created: CREATED,
      model: {
        name,
        created: '2026-11-23T14:31:00.000Z',
        labels,
        temperature,
        thresholds: THRESHOLDS,
        trainingImages: images * 4,
        validationImages,
        dataHash: sha256(`data ${seed}`),
        splitHash: sha256(`split ${seed}`),
      },
      test: { images, hash: testHash, setAside: false, leftOut: [] },
      quality: {
        ...evaluation,
        perClass: evaluation.perClass.map(({ support, ...scores }, index) => ({
          label: labels[index]?.id ?? '',
          name: labels[index]?.name ?? '',
          images: support,
          ...scores,
        })),
        beforeCalibration: withReportBins(evaluation.beforeCalibration),
        afterCalibration: withReportBins(evaluation.afterCalibration),
        riskCoverage: evaluation.riskCoverage.filter(
          (_, at, { length }) => (length - 1 - at) % Math.ceil(length / 200) === 0,
        ),
        decisions: { label, uncertain: 1 - label - unknown, unknown },
      },
      outOfSet: [
        { name: 'other', images: 33, decisions: { label: 2 / 33, uncertain: 1 / 33, unknown: 30 / 33 }, auroc: 0.983 },
        { name: 'noise', images: 40, decisions: { label: 0, uncertain: 0, unknown: 1 }, auroc: 0.995 },
        { name: 'blobs', images: 40, decisions: { label: 0.125, uncertain: 0.075, unknown: 0.8 }, auroc: 0.956 },
      ],
      parity: { images, agreement: 1, largestDifference: 0.0021 },
      latency: { images, p50Ms: 9.4, p95Ms: 14.2, maxMs: 31.7, inferMs: 4.1 },
      comparison:
        deployedMargin === undefined
          ? { comparable: 0, explanation: 'No model is deployed yet.', accuracyDrop: 0 }
          : comparisonOf(
              evaluation.accuracy,
              predictions,
              predictionsOf(madeUpLogits(labels.length, images, deployedMargin, seed, seed + 1), labels, temperature),
            ),
    },
  };
}

function madeUpTruth(classes: number, images: number): Uint32Array {
  return Uint32Array.from({ length: images }, (_, row) => row % classes);
}

/**
 * `[images, classes]`; row `i` is an image of class `i` modulo the classes. What is hard about an image comes from the seed,
 * the model's own share of the noise from the other one.
 */
function madeUpLogits(classes: number, images: number, margin: number, seed: number, modelSeed = seed): Float32Array {
  const ofImage = normalNoise(seed);
  const ofModel = normalNoise(modelSeed + 500);
  return Float32Array.from({ length: images * classes }, (_, at) => {
    const noise = 0.8 * ofImage() + 0.6 * ofModel();
    const right = Math.floor(at / classes) % classes;
    const column = at % classes;
    const isAlike = Math.floor(column / GROUP) === Math.floor(right / GROUP);
    const mean = column === right ? margin : isAlike ? margin * LIKENESS : 0;
    return (mean + noise) * margin * (1 - LIKENESS) * OVERCONFIDENCE;
  });
}

/** A prime, so that no two images get the same noise. */
const NOISE_LENGTH = 10_007;

/** Of variance 1 (sums of four uniform numbers), from a table that is gone through again and again: two million are soon there. */
function normalNoise(seed: number): () => number {
  const random = seededRandom(seed);
  const sum = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const table = Float32Array.from({ length: NOISE_LENGTH }, sum);
  let at = 0;
  return () => table[at++ % NOISE_LENGTH] ?? 0;
}

function predictionsOf(
  logits: Float32Array,
  labels: EvaluationFixtureOptions['labels'],
  temperature: number,
): TestPrediction[] {
  const probabilities = softmaxRows(logits, labels.length, temperature);
  const { predicted, confidence } = topPredictions(probabilities, labels.length);
  const idOf = (index: number) => labels[index]?.id ?? '';
  return Array.from(predicted, (answer, row) => {
    const label = idOf(row % labels.length);
    const score = confidence[row] ?? 0;
    return {
      path: `${label}/${row}.jpg`,
      sha256: sha256(`image ${row}`),
      label,
      predicted: idOf(answer),
      score,
      decision: score < THRESHOLDS.uncertain ? 'uncertain' : 'label',
    };
  });
}

function comparisonOf(
  accuracy: number,
  predictions: readonly TestPrediction[],
  deployed: readonly TestPrediction[],
): EvaluationReport['comparison'] {
  const deployedAccuracy = deployed.filter((one) => one.predicted === one.label).length / deployed.length;
  return {
    comparable: 1,
    explanation: 'Compared with flowers-summer, which is deployed, on the same test images.',
    deployed: { name: 'flowers-summer', accuracy: deployedAccuracy },
    accuracyDrop: Math.max(0, deployedAccuracy - accuracy),
    changes: comparePredictions(deployed, predictions),
  };
}

function withReportBins({ bins, ...scores }: Evaluation['afterCalibration']) {
  return {
    ...scores,
    bins: bins.map(({ count, meanConfidence, accuracy }) => ({ count, confidence: meanConfidence, accuracy })),
  };
}

function metricsOf(
  { confusion, accuracy, perClass, count }: Evaluation,
  labels: EvaluationFixtureOptions['labels'],
): MulticlassClassificationMetrics {
  const weighted = (of: (scores: { precision: number; recall: number }) => number) => ({
    value: perClass.reduce((sum, scores) => sum + of(scores) * scores.support, 0) / count,
    standard_deviation: 'NaN' as const,
  });
  const fScore = (beta: number) =>
    weighted(({ precision, recall }) => {
      const denominator = beta ** 2 * precision + recall;
      return denominator === 0 ? 0 : ((1 + beta ** 2) * precision * recall) / denominator;
    });
  return {
    confusion_matrix: Object.fromEntries(
      labels.map(({ id }, row) => [
        id,
        Object.fromEntries(labels.map((label, column) => [label.id, confusion[row]?.[column] ?? 0])),
      ]),
    ),
    accuracy: { value: accuracy, standard_deviation: 'NaN' },
    weighted_recall: weighted(({ recall }) => recall),
    weighted_precision: weighted(({ precision }) => precision),
    weighted_f0_5: fScore(0.5),
    weighted_f1: fScore(1),
    weighted_f2: fScore(2),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
