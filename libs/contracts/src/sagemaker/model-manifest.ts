import { LocalizedText } from '../localized-text';
import { ModelEvaluation } from './model-evaluation';

/** `model.json`: what a model package says of itself. Everything that depends on the model is here and not in code. */
export interface ModelManifest {
  readonly schemaVersion: 1;
  /** Lower-case words with dashes, for example `everyday-objects`. */
  readonly name: string;
  /** Semantic version of this package. */
  readonly version: string;
  /** ISO 8601 date and time. */
  readonly created: string;
  readonly description?: LocalizedText;
  /** In the order of the logits. */
  readonly labels: readonly ModelLabel[];
  readonly input: ModelInput;
  readonly output?: ModelOutput;
  /** Logits are divided by it before the softmax (Guo et al. 2017, arXiv 1706.04599); 1 when it was not calibrated. */
  readonly temperature: number;
  readonly thresholds: DecisionThresholds;
  /** Figures for people, by name; shown on the model page. Shares are between 0 and 1. */
  readonly metrics?: Readonly<Record<string, number | string | null>>;
  /** Which labels are confused, and whether certainty can be believed; absent in packages that were made without it. */
  readonly evaluation?: ModelEvaluation;
  /** What it was trained on. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Backbone, recipe and who made it. */
  readonly provenance?: Readonly<Record<string, unknown>>;
  /** What images looked like when the model was made; serving only hands it on. */
  readonly baseline?: DriftBaseline;
}

export interface ModelLabel {
  /** Stable; what programs compare. */
  readonly id: string;
  readonly name: LocalizedText;
  readonly description?: LocalizedText;
}

export interface ModelInput {
  /** Name of the graph's input; default `image`. */
  readonly name?: string;
  /** `uint8` NHWC in RGB needs no more; `float32` is NCHW of `(value / 255 - mean) / std`. Default `uint8`. */
  readonly type?: 'uint8' | 'float32';
  /** Height and width of the square that the model sees, in pixels. */
  readonly size: number;
  /** `shorter-side-crop`: shorter side to `size`, then the centre square. `stretch`: both sides to `size`. */
  readonly resize: 'shorter-side-crop' | 'stretch';
  /** Per channel, R G B; only with `float32`. Default 0, 0, 0. */
  readonly mean?: readonly [number, number, number];
  /** Per channel, R G B; only with `float32`. Default 1, 1, 1. */
  readonly std?: readonly [number, number, number];
}

export interface ModelOutput {
  /** Name of the output of shape `[n, labels]`; default `logits`. */
  readonly name?: string;
  /** `logits` (default) get temperature and softmax; `probabilities` are taken as they are. */
  readonly kind?: 'logits' | 'probabilities';
}

export interface DecisionThresholds {
  /** A calibrated top score below it makes the decision `uncertain`; 0 to 1. */
  readonly uncertain: number;
  /**
   * An out-of-set score above it makes the decision `unknown`; absent when the package has no such test. The score is the
   * graph's output `out_of_set` (float32 `[n]`, higher is less like the training data) where it has one, else the energy of the logits.
   */
  readonly unknown?: number;
}

/** Measured on validation images as the service sees them; later traffic is compared with it. */
export interface DriftBaseline {
  /** How many images were measured. */
  readonly images: number;
  /** Of each feature. */
  readonly featureMean: readonly number[];
  readonly featureVariance: readonly number[];
  /** Share of the images that got each label, by its id; the shares add up to 1. */
  readonly labelShares: Readonly<Record<string, number>>;
  /** Share of the images whose top score lies in each tenth between 0 and 1, lowest first. */
  readonly scoreHistogram: readonly number[];
  /** The nine scores that divide the images into ten equal parts; absent without an out-of-set score. */
  readonly outOfSetDeciles?: readonly number[];
  /** Of the feature sketches (see `ImageObservation`). */
  readonly sketch?: SketchBaseline;
  /** The nine values that divide the images into ten equal parts, of each property. */
  readonly imageDeciles?: Readonly<Record<ImageProperty, readonly number[]>>;
}

/** `megapixels`: of the image as it was sent; the others as in `ImageObservation`. */
export type ImageProperty = 'brightness' | 'contrast' | 'sharpness' | 'megapixels';

export interface SketchBaseline {
  readonly mean: readonly number[];
  /** `[dimension, dimension]`, row by row; divided by the number of images, as `featureVariance` is. */
  readonly covariance: readonly number[];
}

/** What the container tells about its model when it is asked to describe it: the manifest without what only it needs. */
export interface ModelDescription extends Omit<ModelManifest, 'schemaVersion' | 'output' | 'baseline'> {
  /** Whether `heatmap` is available. */
  readonly explains: boolean;
}
