// What is gained by not answering where confidence is low (El-Yaniv and Wiener 2010). Pure functions.

export interface RiskCoveragePoint {
  /** Answers with at least this confidence are given. */
  readonly threshold: number;
  /** Share of the images that get one. */
  readonly coverage: number;
  /** Share of the answers that is wrong. */
  readonly risk: number;
}

/** One point for each confidence that occurs, from the most confident on: images of equal confidence are answered together. */
export function riskCoverageCurve(confidence: Float64Array, isRight: readonly boolean[]): RiskCoveragePoint[] {
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0));
  const points: RiskCoveragePoint[] = [];
  let wrong = 0;
  order.forEach((at, position) => {
    if (isRight[at] !== true) wrong += 1;
    const threshold = confidence[at] ?? 0;
    const next = order[position + 1];
    if (next !== undefined && confidence[next] === threshold) return;
    const answered = position + 1;
    points.push({ threshold, coverage: answered / order.length, risk: wrong / answered });
  });
  return points;
}

/** Area under the curve: the mean risk when every image in turn is the last to be answered (Geifman and El-Yaniv 2017). */
export function areaUnderRiskCoverage(curve: readonly RiskCoveragePoint[]): number {
  let before = 0;
  return curve.reduce((area, { coverage, risk }) => {
    const share = coverage - before;
    before = coverage;
    return area + share * risk;
  }, 0);
}

export interface SelectiveScores {
  readonly coverage: number;
  /** Of the answers that are given; 1 when none is. */
  readonly accuracy: number;
}

/** What is answered, and how well, when a confidence below `threshold` is not. */
export function selectiveScores(
  confidence: Float64Array,
  isRight: readonly boolean[],
  threshold: number,
): SelectiveScores {
  const answered = Array.from(confidence.keys()).filter((at) => (confidence[at] ?? 0) >= threshold);
  const right = answered.filter((at) => isRight[at]).length;
  return {
    coverage: confidence.length === 0 ? 0 : answered.length / confidence.length,
    accuracy: answered.length === 0 ? 1 : right / answered.length,
  };
}
