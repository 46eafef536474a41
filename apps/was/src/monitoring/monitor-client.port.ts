import {
  BaselineReceipt,
  BatchReceipt,
  DriftReport,
  EventBatch,
  FeedbackEvent,
  FeedbackReceipt,
  ModelBaseline,
  MonitoringPattern,
  MonitorQuery,
  MonitorSummary,
  RecentEvents,
  RecentQuery,
} from '@app/contracts/monitoring';

/** What each pattern carries to monitor and back. */
export interface MonitorMessages {
  [MonitoringPattern.events]: { message: EventBatch; answer: BatchReceipt };
  [MonitoringPattern.feedback]: { message: FeedbackEvent; answer: FeedbackReceipt };
  [MonitoringPattern.baseline]: { message: ModelBaseline; answer: BaselineReceipt };
  [MonitoringPattern.summary]: { message: MonitorQuery; answer: MonitorSummary };
  [MonitoringPattern.drift]: { message: MonitorQuery; answer: DriftReport };
  [MonitoringPattern.recent]: { message: RecentQuery; answer: RecentEvents };
}

/** `unreachable`: no answer came, the same may be sent again. `refused`: monitor does not take this message. */
export class MonitorError extends Error {
  constructor(
    readonly code: 'unreachable' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'MonitorError';
  }
}

/** monitor, as the business tier sees it. */
export abstract class MonitorClient {
  /** Whether there is to be one: without it nothing is told and nothing is answered. */
  abstract readonly isConfigured: boolean;

  /** Gives up after a while. Throws a `MonitorError`. */
  abstract send<P extends keyof MonitorMessages>(
    pattern: P,
    message: MonitorMessages[P]['message'],
  ): Promise<MonitorMessages[P]['answer']>;

  /** What is not answered yet fails. */
  abstract close(): void;
}

/** For a system that is run without monitor. */
export class NoMonitorClient extends MonitorClient {
  readonly isConfigured = false;

  send(): Promise<never> {
    return Promise.reject(new MonitorError('unreachable', 'there is no monitor'));
  }

  close(): void {
    // nothing is open
  }
}
