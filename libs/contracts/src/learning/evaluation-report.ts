/**
 * `evaluation.json`: SageMaker's model quality metrics for multiclass classification, and beside them what a person wants to
 * know of an image classifier. Shares and probabilities are between 0 and 1, durations in milliseconds.
 */
export interface EvaluationReport {
  /** As Amazon SageMaker Model Monitor writes it; the console shows it. */
  readonly multiclass_classification_metrics: MulticlassClassificationMetrics;
  readonly schemaVersion: 1;
  /** ISO 8601. */
  readonly created: string;
  readonly model: EvaluatedModel;
  readonly test: TestSetFacts;
  readonly quality: QualityFigures;
  readonly outOfSet: readonly OutOfSetFigures[];
  readonly parity: ParityFigures;
  readonly latency: LatencyFigures;
  readonly comparison: ModelComparison;
}

export interface MetricValue {
  readonly value: number;
  /** SageMaker writes the text `NaN` where there is none. */
  readonly standard_deviation: number | 'NaN';
}

export interface MulticlassClassificationMetrics {
  /** Actual label id -> predicted label id -> images. */
  readonly confusion_matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly accuracy: MetricValue;
  readonly weighted_recall: MetricValue;
  readonly weighted_precision: MetricValue;
  readonly weighted_f0_5: MetricValue;
  readonly weighted_f1: MetricValue;
  readonly weighted_f2: MetricValue;
}

export interface EvaluatedModel {
  readonly name: string;
  readonly created: string;
  /** In the order of the confusion matrix. */
  readonly labels: readonly { readonly id: string; readonly name: string }[];
  readonly temperature: number;
  readonly thresholds: { readonly uncertain: number; readonly unknown?: number };
  /** Images that were learnt from, and that chose temperature and thresholds. */
  readonly trainingImages?: number;
  readonly validationImages?: number;
  /** Of the training data and of its split. */
  readonly dataHash?: string;
  readonly splitHash?: string;
}

export interface TestSetFacts {
  readonly images: number;
  /** Of the images that were tested: the same images in the same classes give the same hash. */
  readonly hash: string;
  /** Whether it is a part of the training data that was set aside. */
  readonly setAside: boolean;
  readonly leftOut: readonly { readonly path: string; readonly reason: string; readonly message: string }[];
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface QualityFigures {
  readonly accuracy: number;
  /** 95 % (Wilson). */
  readonly accuracyInterval: Interval;
  readonly balancedAccuracy: number;
  readonly macroF1: number;
  readonly perClass: readonly ClassFigures[];
  /** Row: actual, column: predicted; in the order of the labels. */
  readonly confusion: readonly (readonly number[])[];
  readonly beforeCalibration: CalibrationFigures;
  readonly afterCalibration: CalibrationFigures;
  /** From the surest answer to all; at most some hundred points. */
  readonly riskCoverage: readonly { readonly coverage: number; readonly risk: number; readonly threshold: number }[];
  readonly aurc: number;
  /** Of the decisions on the test images, in shares of all of them. */
  readonly decisions: { readonly label: number; readonly uncertain: number; readonly unknown: number };
  /** How many of the answers with the decision `label` are right. */
  readonly selectiveAccuracy: number;
}

export interface ClassFigures {
  readonly label: string;
  readonly name: string;
  readonly images: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface CalibrationFigures {
  readonly logLoss: number;
  readonly brier: number;
  /** 15 bins of equal mass. */
  readonly ece: number;
  readonly bins: readonly { readonly count: number; readonly confidence: number; readonly accuracy: number }[];
}

/** How the model takes images of nothing it knows. */
export interface OutOfSetFigures {
  /** `other` (the photos that were given), `noise`, `plain`, ...: what the images are. */
  readonly name: string;
  readonly images: number;
  /** Shares of them by decision. */
  readonly decisions: { readonly label: number; readonly uncertain: number; readonly unknown: number };
  /** Area under the ROC curve of the out-of-set score (where the model has none, of its uncertainty) against the test images. */
  readonly auroc: number;
}

/** Training path and HTTP path on the same images. */
export interface ParityFigures {
  readonly images: number;
  /** Share with the same top label; at least 0.995 is asked for. */
  readonly agreement: number;
  /** Largest difference of the probabilities of all labels (of more than a hundred, the best hundred); at most 0.01 is asked for. */
  readonly largestDifference: number;
}

/** Of one photo after another through HTTP, on the machine that evaluated. */
export interface LatencyFigures {
  readonly images: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** What the container itself reports as the time of the network, median. */
  readonly inferMs: number;
}

/** With the model that is deployed, on the same test images. */
export interface ModelComparison {
  /** 0 when there is nothing to compare with: then `accuracyDrop` is 0 too, so that a gate can read it. */
  readonly comparable: 0 | 1;
  /** A sentence: with what, or why not. */
  readonly explanation: string;
  readonly deployed?: { readonly name: string; readonly accuracy: number };
  /** Accuracy of the deployed model minus that of this one, 0 when this one is better. */
  readonly accuracyDrop: number;
  /** First: the deployed model; second: this one. */
  readonly changes?: PairedChanges;
}

/** Two models on the same images. */
export interface PairedChanges {
  readonly images: number;
  /** Images that only the one or only the other names rightly. */
  readonly onlyFirstRight: number;
  readonly onlySecondRight: number;
  /** Two-sided exact McNemar test: how likely so uneven a change is when both are equally good. */
  readonly pValue: number;
  /** Images with another top label. */
  readonly differentAnswers: number;
  readonly largestScoreDifference: number;
  /** Of classes whose recall differs, the largest difference first. */
  readonly perClass: readonly { readonly label: string; readonly firstRecall: number; readonly secondRecall: number }[];
}

/** `predictions.json`: what the model said of every test image, so that versions can be compared image by image. */
export interface TestPredictions {
  readonly schemaVersion: 1;
  /** The same as in the report. */
  readonly testHash: string;
  readonly images: readonly TestPrediction[];
}

export interface TestPrediction {
  readonly path: string;
  readonly sha256: string;
  /** Ids. */
  readonly label: string;
  readonly predicted: string;
  /** Calibrated, of the predicted label. */
  readonly score: number;
  readonly decision: 'label' | 'uncertain' | 'unknown';
}

/** What a gate asks of the figures under `parity`. */
export const PARITY_LIMITS = { agreement: 0.995, largestDifference: 0.01 } as const;
