// The figures of a classifier as Amazon SageMaker Model Monitor writes them, with its names and its way to the deviations:
// https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html
import { MetricValue, MulticlassClassificationMetrics } from '@app/contracts/learning';
import { confusionMatrix, seededRandom, shuffle } from '@app/learning';

type FigureName = Exclude<keyof MulticlassClassificationMetrics, 'confusion_matrix'>;

/** Class numbers, image by image. */
interface Outcome {
  readonly labels: Uint32Array;
  readonly predicted: Uint32Array;
}

/** With fewer images there is no standard deviation, only the text `NaN`. */
const LEAST_IMAGES_FOR_DEVIATION = 200;
/** The deviation is that of the figures of five random samples of 80 % of the images. */
const SAMPLES = 5;
const SAMPLE_SHARE = 0.8;

/** `ids`: of the labels, by class number. Classes that are neither there nor predicted are not in the matrix. */
export function modelQualityMetrics(
  outcome: Outcome,
  ids: readonly string[],
  seed: number,
): MulticlassClassificationMetrics {
  const values = figuresOf(outcome, ids.length);
  const samples =
    outcome.labels.length < LEAST_IMAGES_FOR_DEVIATION
      ? []
      : samplesOf(outcome, seed).map((sample) => figuresOf(sample, ids.length));
  const metric = (name: FigureName): MetricValue => ({
    value: values[name],
    standard_deviation: samples.length === 0 ? 'NaN' : deviation(samples.map((sample) => sample[name])),
  });
  return {
    confusion_matrix: namedMatrix(outcome, ids),
    accuracy: metric('accuracy'),
    weighted_recall: metric('weighted_recall'),
    weighted_precision: metric('weighted_precision'),
    weighted_f0_5: metric('weighted_f0_5'),
    weighted_f1: metric('weighted_f1'),
    weighted_f2: metric('weighted_f2'),
  };
}

/** Means over the classes, by their share of the images. The mean recall is then the accuracy. */
function figuresOf({ labels, predicted }: Outcome, classes: number): Record<FigureName, number> {
  const matrix = confusionMatrix(labels, predicted, classes);
  const called = new Array<number>(classes).fill(0);
  for (const label of predicted) called[label] = (called[label] ?? 0) + 1;
  let right = 0;
  const means = { weighted_precision: 0, weighted_f0_5: 0, weighted_f1: 0, weighted_f2: 0 };
  matrix.forEach((row, label) => {
    const [hits, images] = [row[label] ?? 0, sum(row)];
    if (hits === 0) return; // precision and recall are 0
    const [precision, recall, share] = [hits / (called[label] ?? 0), hits / images, images / labels.length];
    right += hits;
    means.weighted_precision += share * precision;
    means.weighted_f0_5 += share * fScore(precision, recall, 0.5);
    means.weighted_f1 += share * fScore(precision, recall, 1);
    means.weighted_f2 += share * fScore(precision, recall, 2);
  });
  const accuracy = right / labels.length;
  return { accuracy, weighted_recall: accuracy, ...means };
}

/** Recall counts `beta` times as much as precision (van Rijsbergen 1979); both are above 0. */
function fScore(precision: number, recall: number, beta: number): number {
  const weight = beta * beta;
  return ((1 + weight) * precision * recall) / (weight * precision + recall);
}

function samplesOf({ labels, predicted }: Outcome, seed: number): Outcome[] {
  const random = seededRandom(seed);
  return Array.from({ length: SAMPLES }, () => {
    const order = Uint32Array.from(labels.keys());
    shuffle(order, random);
    const drawn = order.subarray(0, Math.round(labels.length * SAMPLE_SHARE));
    return { labels: drawn.map((at) => labels[at] ?? 0), predicted: drawn.map((at) => predicted[at] ?? 0) };
  });
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

function namedMatrix({ labels, predicted }: Outcome, ids: readonly string[]): Record<string, Record<string, number>> {
  const matrix = confusionMatrix(labels, predicted, ids.length);
  const seen = new Set([...labels, ...predicted]);
  const columns = [...ids.entries()].filter(([label]) => seen.has(label));
  return Object.fromEntries(
    columns.map(([actual, id]) => [
      id,
      Object.fromEntries(columns.map(([label, column]) => [column, matrix[actual]?.[label] ?? 0])),
    ]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
