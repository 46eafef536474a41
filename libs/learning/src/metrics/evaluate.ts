import { ClassificationScores, classificationScores, confusionMatrix, ConfusionMatrix } from './classification-metrics';
import {
  brierScore,
  CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
  logLoss,
  softmaxRows,
  topPredictions,
} from './probability-metrics';
import { areaUnderRiskCoverage, RiskCoveragePoint, riskCoverageCurve, selectiveScores } from './selective-metrics';

export interface ProbabilityScores {
  readonly logLoss: number;
  readonly brier: number;
  /** 15 bins of equal mass. */
  readonly ece: number;
  readonly bins: readonly CalibrationBin[];
}

/** All that one labelled set says about a classifier. Shares are between 0 and 1. */
export interface Evaluation extends ClassificationScores {
  readonly confusion: ConfusionMatrix;
  readonly beforeCalibration: ProbabilityScores;
  readonly afterCalibration: ProbabilityScores;
  readonly riskCoverage: readonly RiskCoveragePoint[];
  readonly aurc: number;
  /** Share of the images whose calibrated top score reaches the threshold for `uncertain`, and how many of those are right. */
  readonly coverage: number;
  readonly selectiveAccuracy: number;
}

export interface EvaluationInput {
  /** `[count, classes]` */
  readonly logits: Float32Array;
  /** `[count]` */
  readonly labels: Uint32Array;
  readonly classes: number;
  readonly temperature: number;
  /** Threshold for `uncertain`. */
  readonly uncertain: number;
}

export function evaluate({ logits, labels, classes, temperature, uncertain }: EvaluationInput): Evaluation {
  const calibrated = softmaxRows(logits, classes, temperature);
  const { predicted, confidence } = topPredictions(calibrated, classes);
  const isRight = Array.from(labels, (label, row) => label === predicted[row]);
  const confusion = confusionMatrix(labels, predicted, classes);
  const riskCoverage = riskCoverageCurve(confidence, isRight);
  const selective = selectiveScores(confidence, isRight, uncertain);
  return {
    ...classificationScores(confusion),
    confusion,
    beforeCalibration: probabilityScores(softmaxRows(logits, classes), labels, classes),
    afterCalibration: probabilityScores(calibrated, labels, classes),
    riskCoverage,
    aurc: areaUnderRiskCoverage(riskCoverage),
    coverage: selective.coverage,
    selectiveAccuracy: selective.accuracy,
  };
}

function probabilityScores(probabilities: Float64Array, labels: Uint32Array, classes: number): ProbabilityScores {
  const { predicted, confidence } = topPredictions(probabilities, classes);
  const bins = calibrationBins(
    confidence,
    Array.from(labels, (label, row) => label === predicted[row]),
  );
  return {
    logLoss: logLoss(probabilities, labels, classes),
    brier: brierScore(probabilities, labels, classes),
    ece: expectedCalibrationError(bins),
    bins,
  };
}
