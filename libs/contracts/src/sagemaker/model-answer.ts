import { LocalizedText } from '../localized-text';
import { DecisionThresholds, DriftBaseline } from './model-manifest';

/** The body that asks the container to describe its model, sent as `application/json`; the reply is a `ModelDescription`. */
export const DESCRIBE_REQUEST = { operation: 'describe' } as const;

/** The body that asks for what later images are compared with, sent the same way; the reply is a `BaselineDescription`. */
export const DESCRIBE_BASELINE_REQUEST = { operation: 'describe-baseline' } as const;

export interface BaselineDescription {
  readonly model: { readonly name: string; readonly version: string };
  /** Null when the package has none. */
  readonly baseline: DriftBaseline | null;
}

/** What the model container answers to an image. */
export interface ModelAnswer {
  readonly model: { readonly name: string; readonly version: string };
  /** The `top_k` best, best first. */
  readonly predictions: readonly ModelPrediction[];
  readonly thresholds: DecisionThresholds;
  /**
   * Higher is less like the training data. The graph's own output `out_of_set` where it has one; else the energy of the logits,
   * -T * log(sum(exp(logit / T))) (Liu et al. 2020, arXiv 2010.03759); absent when the graph gives probabilities only.
   */
  readonly outOfSetScore?: number;
  readonly heatmap?: Heatmap;
  /** When it was asked for and the container observes. */
  readonly observation?: ImageObservation;
}

/** Numbers of a feature sketch. */
export const SKETCH_DIMENSIONS = 32;

/** Numbers by which images can be compared over time, of the pixels that the model saw. The image cannot be had back from them. */
export interface ImageObservation {
  /** Mean of the luma (Rec. 601), 0 to 1. */
  readonly brightness: number;
  /** Standard deviation of the luma. */
  readonly contrast: number;
  /** Variance of the Laplacian of the luma (Pech-Pacheco et al. 2000): low for blurred images. */
  readonly sharpness: number;
  /** The features on fixed random directions, `SKETCH_DIMENSIONS` numbers (Johnson and Lindenstrauss 1984); absent without features. */
  readonly sketch?: readonly number[];
}

export interface ModelPrediction {
  readonly label: string;
  readonly name: LocalizedText;
  readonly description?: LocalizedText;
  /** Calibrated probability, 0 to 1. */
  readonly score: number;
}

/** Class activation map of the top label (Zhou et al. 2016, arXiv 1512.04150): where the model looked. */
export interface Heatmap {
  readonly label: string;
  /** Cells across and down. */
  readonly width: number;
  readonly height: number;
  /** Row by row from the top left, 0 (did not speak for the label) to 1 (spoke most for it). */
  readonly values: readonly number[];
  /** The part of the upright image that the model saw, as fractions of its width and height. */
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}
