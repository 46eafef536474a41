/** With more labels than this a package carries its mistakes as pairs, and no whole confusion matrix: it would fill no page. */
export const MOST_MATRIX_LABELS = 20;

/** Pairs of labels that a package carries at most. */
export const MOST_CONFUSED_PAIRS = 50;

/** What one labelled set of images showed of the model, beyond single figures: `evaluation` of model.json, for people. */
export interface ModelEvaluation {
  /** `validation`: images that chose temperature and thresholds, so the picture is a little too kind. `test`: images that chose nothing. */
  readonly measuredOn: 'validation' | 'test';
  readonly images: number;
  /** Kinds of mistakes, the most frequent first, at most `MOST_CONFUSED_PAIRS`. */
  readonly confusedPairs: readonly ConfusedPair[];
  /** Images; row: what they are, column: what they were called, in the order of the labels. Absent with more than `MOST_MATRIX_LABELS`. */
  readonly confusion?: readonly (readonly number[])[];
  /** Images in parts of equal size by calibrated top score, lowest first (Guo et al. 2017, arXiv 1706.04599). */
  readonly reliability: readonly ReliabilityBin[];
}

/** Images of one label that were called another. */
export interface ConfusedPair {
  /** Ids of labels. */
  readonly actual: string;
  readonly predicted: string;
  readonly images: number;
  /** Of the images of the actual label, 0 to 1. */
  readonly share: number;
}

export interface ReliabilityBin {
  readonly images: number;
  /** Mean of the calibrated top scores, 0 to 1. */
  readonly confidence: number;
  /** Share that is right, 0 to 1. */
  readonly accuracy: number;
}
