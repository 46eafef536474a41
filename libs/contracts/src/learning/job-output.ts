/** Lines that a training or processing job prints for programs to read, among those for people. */

/** How far a job is, as a sentence for people: the last of these lines is the state of the job. */
export const PROGRESS_PREFIX = '[progress] ';

/** What a training job measures. SageMaker finds the values in the log by the expressions (`MetricDefinitions`). */
export const TRAINING_METRICS = [
  { name: 'train:loss', meaning: 'cross-entropy of the training images, in nats' },
  { name: 'train:accuracy', meaning: 'share of the training images that is right' },
  { name: 'validation:accuracy', meaning: 'share of the validation images that is right' },
  { name: 'validation:log_loss', meaning: 'cross-entropy of the validation images after calibration, in nats' },
  { name: 'validation:ece', meaning: 'expected calibration error of the validation images after calibration' },
  { name: 'validation:coverage', meaning: 'share of the validation images that get an answer' },
] as const;

export type TrainingMetricName = (typeof TRAINING_METRICS)[number]['name'];

/** `[metric] validation:accuracy=0.9701` */
export function metricLine(name: TrainingMetricName, value: number): string {
  return `[metric] ${name}=${Number(value.toPrecision(6))}`;
}

/** Matches the line of `metricLine`; the group is the value. */
export function metricExpression(name: TrainingMetricName): string {
  return `\\[metric\\] ${name}=([0-9.eE+-]+)`;
}
