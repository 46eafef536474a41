import {
  Classification,
  DeployedModel,
  FeedbackResponse,
  FeedbackStatement,
  TierReport,
} from '@app/contracts/classification';
import { DriftReport, MonitorSummary, MonitorWindow } from '@app/contracts/monitoring';
import { Deadline, RequestContext } from '@app/platform';

/** What every call to the business tier carries with it. */
export interface WasCallContext extends Pick<RequestContext, 'requestId' | 'trace'> {
  readonly deadline: Deadline;
}

export interface ClassifyOptions {
  readonly topK: number;
  readonly heatmap: boolean;
}

/** What a person says of an answer, with the answer's token. */
export interface Feedback extends FeedbackStatement {
  readonly token: string;
  readonly photo?: Buffer;
}

/** The business tier, as the gateway sees it. All methods throw `ProblemError`, or `ClientLeftError` when nobody waits any more. */
export abstract class WasClient {
  abstract classify(image: Buffer, options: ClassifyOptions, context: WasCallContext): Promise<Classification>;

  /** Stores feedback to the classification with this id. */
  abstract giveFeedback(id: string, feedback: Feedback, context: WasCallContext): Promise<FeedbackResponse>;

  abstract withdrawFeedback(id: string, token: string, context: WasCallContext): Promise<void>;

  abstract model(context: WasCallContext): Promise<DeployedModel>;

  /** The business tier's own state and that of the tiers behind it. */
  abstract status(context: WasCallContext): Promise<readonly TierReport[]>;

  /** What monitor knows of the window; a problem with status 404 where there is no monitor. */
  abstract monitorSummary(window: MonitorWindow, context: WasCallContext): Promise<MonitorSummary>;

  /** How the photos of the window compare with those that the model was made with; else as above. */
  abstract monitorDrift(window: MonitorWindow, context: WasCallContext): Promise<DriftReport>;
}
