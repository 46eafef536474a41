// Whether probabilities can be believed. Pure functions; `probabilities` are `[count, classes]`, row by row.

/** What the decision is made from: the best class of each row, and its probability. */
export interface TopPredictions {
  readonly predicted: Uint32Array;
  readonly confidence: Float64Array;
}

/** Of equal probabilities, the first class. */
export function topPredictions(probabilities: Float64Array, classes: number): TopPredictions {
  const count = probabilities.length / classes;
  const predicted = new Uint32Array(count);
  const confidence = new Float64Array(count).fill(-Infinity);
  probabilities.forEach((probability, at) => {
    const row = Math.floor(at / classes);
    if (probability <= (confidence[row] ?? 0)) return;
    confidence[row] = probability;
    predicted[row] = at % classes;
  });
  return { predicted, confidence };
}

/** exp(logit / T) / sum(exp(logit / T)), row by row. */
export function softmaxRows(logits: Float32Array, classes: number, temperature = 1): Float64Array {
  const probabilities = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const top = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
    let total = 0;
    for (const logit of row) total += Math.exp((logit - top) / temperature);
    row.forEach((logit, index) => (probabilities[start + index] = Math.exp((logit - top) / temperature) / total));
  }
  return probabilities;
}

/** Keeps one impossible answer from making the mean infinite. */
const LEAST_PROBABILITY = 1e-15;

/** Mean of -log p(right class), in nats. */
export function logLoss(probabilities: Float64Array, labels: Uint32Array, classes: number): number {
  return mean(
    labels,
    (label, row) => -Math.log(Math.max(LEAST_PROBABILITY, probabilities[row * classes + label] ?? 0)),
  );
}

/** Mean over the images of the sum over the classes of (p - y)^2: 0 to 2 (Brier 1950). */
export function brierScore(probabilities: Float64Array, labels: Uint32Array, classes: number): number {
  return mean(labels, (label, row) => {
    let total = 0;
    for (let index = 0; index < classes; index += 1) {
      total += ((probabilities[row * classes + index] ?? 0) - (index === label ? 1 : 0)) ** 2;
    }
    return total;
  });
}

export interface CalibrationBin {
  readonly count: number;
  readonly meanConfidence: number;
  readonly accuracy: number;
}

/** Images in order of confidence, in `bins` parts of equal size (within one image): the points of a reliability diagram. */
export function calibrationBins(confidence: Float64Array, isRight: readonly boolean[], bins = 15): CalibrationBin[] {
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[a] ?? 0) - (confidence[b] ?? 0));
  return Array.from({ length: bins }, (_, bin) => {
    const part = order.slice(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    return {
      count: part.length,
      meanConfidence: part.reduce((sum, at) => sum + (confidence[at] ?? 0), 0) / part.length,
      accuracy: part.filter((at) => isRight[at]).length / part.length,
    };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error: mean distance between confidence and accuracy, over the bins by their size (Naeini et al. 2015). */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const distance = bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.meanConfidence), 0);
  return total === 0 ? 0 : distance / total;
}

function mean(labels: Uint32Array, of: (label: number, row: number) => number): number {
  return labels.length === 0 ? 0 : labels.reduce((sum, label, row) => sum + of(label, row), 0) / labels.length;
}
