// How good answers are, from the classes that were predicted and those that were right. Pure functions over class numbers.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of a share (Wilson 1927); `z` 1.96 for 95 %. 0 to 1 when nothing was counted. */
export function wilsonInterval(successes: number, count: number, z = 1.959963984540054): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const share = successes / count;
  const denominator = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / denominator;
  const half = (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / denominator;
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** `[true class][predicted class]`: numbers of images. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(labels: Uint32Array, predicted: Uint32Array, classes: number): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, at) => {
    const row = matrix[label];
    const column = predicted[at];
    if (row === undefined || column === undefined || column >= classes) {
      throw new RangeError(`a label or prediction is not among the ${classes} classes`);
    }
    row[column] = (row[column] ?? 0) + 1;
  });
  return matrix;
}

export interface ClassScores {
  /** Of those called so, the share that is; 0 when none was. */
  readonly precision: number;
  /** Of those that are, the share that was called so; 0 when there is none. */
  readonly recall: number;
  readonly f1: number;
  /** Images of this class. */
  readonly support: number;
}

export interface ClassificationScores {
  readonly count: number;
  readonly accuracy: number;
  /** 95 %. */
  readonly accuracyInterval: Interval;
  /** Mean recall of the classes that have images. */
  readonly balancedAccuracy: number;
  /** Mean F1 of the classes that have images or were predicted. */
  readonly macroF1: number;
  readonly perClass: readonly ClassScores[];
}

export function classificationScores(matrix: ConfusionMatrix): ClassificationScores {
  const predictions = matrix.map((_, index) => sum(matrix.map((row) => row[index] ?? 0)));
  const perClass = matrix.map((row, index): ClassScores => {
    const hits = row[index] ?? 0;
    const support = sum(row);
    const called = predictions[index] ?? 0;
    return {
      precision: ratio(hits, called),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + called),
      support,
    };
  });
  const count = sum(perClass.map(({ support }) => support));
  const right = sum(matrix.map((row, index) => row[index] ?? 0));
  const present = perClass.filter(({ support }) => support > 0);
  const seen = perClass.filter(({ support }, index) => support > 0 || (predictions[index] ?? 0) > 0);
  return {
    count,
    accuracy: ratio(right, count),
    accuracyInterval: wilsonInterval(right, count),
    balancedAccuracy: ratio(sum(present.map(({ recall }) => recall)), present.length),
    macroF1: ratio(sum(seen.map(({ f1 }) => f1)), seen.length),
    perClass,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
