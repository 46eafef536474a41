import {
  BaselineDescription,
  DecisionThresholds,
  Heatmap,
  ImageObservation,
  InvocationTimings,
  ModelDescription,
  ModelPrediction,
} from '@app/contracts/sagemaker';
import { Deadline, RequestContext } from '@app/platform';

/** A clean image, ready for the model container. */
export interface ModelImage {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export interface ClassifierOptions {
  readonly topK: number;
  readonly heatmap: boolean;
  /** Whether the container should tell what it observes of the image; default false. */
  readonly observe?: boolean;
}

/** What every call carries with it. */
export interface CallContext extends Pick<RequestContext, 'requestId' | 'trace'> {
  readonly deadline: Deadline;
}

/** What a model said of an image, whatever family its container belongs to. */
export interface ClassifierAnswer {
  readonly model: { readonly name: string; readonly version: string; readonly variant: string };
  /** Best first, at least one. */
  readonly predictions: readonly ModelPrediction[];
  /** Absent when the container brings no thresholds of its own. */
  readonly thresholds?: DecisionThresholds;
  readonly outOfSetScore?: number;
  readonly heatmap?: Heatmap;
  readonly observation?: ImageObservation;
  readonly timings?: InvocationTimings;
}

/** The model, as the business tier sees it. All methods throw `ProblemError`, or `ClientLeftError` when nobody waits any more. */
export abstract class Classifier {
  abstract classify(image: ModelImage, options: ClassifierOptions, context: CallContext): Promise<ClassifierAnswer>;

  /** Gives nothing when the container cannot describe its model. */
  abstract describe(context: CallContext): Promise<{ variant: string; description: ModelDescription | undefined }>;

  /** Gives nothing when the container knows of no baselines. */
  abstract describeBaseline(context: CallContext): Promise<BaselineDescription | undefined>;
}
