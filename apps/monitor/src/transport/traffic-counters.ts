import { Injectable } from '@nestjs/common';

/** What came in that was not counted, and why; since the process began. */
@Injectable()
export class TrafficCounters {
  /** Messages that were answered with a refusal, and bytes that were no message. */
  refusedMessages = 0;
  /** Batches that had come before. */
  repeatedBatches = 0;
  /** Events that were not counted because of their time. */
  misdatedEvents = 0;
  /** Connections that are open now. */
  connections = 0;
}
