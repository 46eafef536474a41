import { Classification, DeployedModel, TierStatus } from '@app/contracts/classification';
import { Deadline, RequestContext } from '@app/platform';

/** What every call to the business tier carries with it. */
export interface WasCallContext extends Pick<RequestContext, 'requestId' | 'trace'> {
  readonly deadline: Deadline;
}

export interface ClassifyOptions {
  readonly topK: number;
  readonly heatmap: boolean;
}

/** The business tier, as the gateway sees it. All methods throw `ProblemError`, or `ClientLeftError` when nobody waits any more. */
export abstract class WasClient {
  abstract classify(image: Buffer, options: ClassifyOptions, context: WasCallContext): Promise<Classification>;

  abstract model(context: WasCallContext): Promise<DeployedModel>;

  /** The business tier's own state and that of the tiers behind it. */
  abstract status(context: WasCallContext): Promise<readonly TierStatus[]>;
}
