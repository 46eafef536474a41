// Where a score becomes a decision. Chosen on validation images; knows scores, not how they came about.
import { quantile, riskCoverageCurve, selectiveScores, SelectiveScores } from '../metrics';

export interface UncertainThreshold extends SelectiveScores {
  /** A calibrated top score below it makes the decision `uncertain`. */
  readonly threshold: number;
  /** Whether the wanted accuracy was reached; if not, `accuracy` says what was. */
  readonly reached: boolean;
}

/** Three decimals are shown to people; six keep the image that set the threshold above it. */
const THRESHOLD_STEPS = 1e6;
/** A model that seldom answers is of no use, however right it is. */
export const LEAST_COVERAGE = 0.5;

/**
 * The lowest threshold whose answers are right as often as wanted, so that as many images as possible get one. When that
 * would leave less than half of the images with an answer, the highest threshold that answers half of them is taken.
 */
export function chooseUncertainThreshold(
  confidence: Float64Array,
  isRight: readonly boolean[],
  selectiveAccuracy: number,
): UncertainThreshold {
  const useful = riskCoverageCurve(confidence, isRight).filter(({ coverage }) => coverage >= LEAST_COVERAGE);
  const wanted = useful.findLast(({ risk }) => 1 - risk >= selectiveAccuracy);
  const chosen = wanted ?? useful[0];
  const threshold = Math.floor((chosen?.threshold ?? 0) * THRESHOLD_STEPS) / THRESHOLD_STEPS;
  return { threshold, reached: wanted !== undefined, ...selectiveScores(confidence, isRight, threshold) };
}

export interface UnknownThreshold {
  /** An out-of-set score above it makes the decision `unknown`. */
  readonly threshold: number;
  /** Share of the validation images, all of known things, that are called unknown. */
  readonly falseAlarms: number;
}

/** The threshold above which the wanted share of validation images lies. */
export function chooseUnknownThreshold(outOfSet: Float32Array, falseAlarmShare: number): UnknownThreshold {
  const threshold = Math.ceil(quantile(outOfSet, 1 - falseAlarmShare) * THRESHOLD_STEPS) / THRESHOLD_STEPS;
  return { threshold, falseAlarms: outOfSet.filter((score) => score > threshold).length / outOfSet.length };
}
