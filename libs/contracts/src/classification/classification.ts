import { ImageFormat } from '../media-types';
import { Heatmap, ModelPrediction } from '../sagemaker';
import type { FeedbackOffer } from './feedback.response';

/**
 * What the answer amounts to: a `label`; `uncertain` when the best label is not sure enough to be relied on; `unknown`
 * when the image is unlike everything that the model was trained on.
 */
export const DECISIONS = ['label', 'uncertain', 'unknown'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a tier of another version says, in this version's terms: what is not known here cannot be relied on. */
export function knownDecision(decision: string): Decision {
  return DECISIONS.find((known) => known === decision) ?? 'uncertain';
}

/** One image classified: what was answers to web, with texts in every language it has. */
export interface Classification {
  readonly id: string;
  readonly model: ClassifyingModel;
  readonly decision: Decision;
  /** Best label; null when the decision is `unknown`. */
  readonly label: string | null;
  /** Calibrated probability of the best label, 0 to 1. */
  readonly score: number;
  readonly predictions: readonly ModelPrediction[];
  readonly image: ClassifiedImage;
  readonly heatmap?: Heatmap;
  readonly timing: ClassificationTiming;
  /** Absent where no feedback is taken. */
  readonly feedback?: FeedbackOffer;
}

export interface ClassifyingModel {
  readonly name: string;
  readonly version: string;
  /** The endpoint's production variant that answered. */
  readonly variant: string;
}

/** The image as it was sent; width and height are those of the upright image, in pixels. */
export interface ClassifiedImage {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Milliseconds. Containers other than ours do not tell what happened inside them; then those parts are 0. */
export interface ClassificationTiming {
  /** Reading, checking and shrinking the image, in both places where that happens. */
  readonly decodeMs: number;
  /** Waiting for a free place. */
  readonly queueMs: number;
  /** The network alone. */
  readonly inferMs: number;
  /** From the whole image being there to the answer. */
  readonly totalMs: number;
}
