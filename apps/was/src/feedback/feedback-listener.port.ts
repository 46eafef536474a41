import type { FeedbackEvent } from '@app/contracts/monitoring';

/** Is told of feedback once it is stored. */
export abstract class FeedbackListener {
  /** Neither throws nor takes time: what has to be done with it is done later. */
  abstract stored(event: FeedbackEvent): void;
}
