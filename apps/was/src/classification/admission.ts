import { ProblemError } from '@app/contracts';
import { TraceContext } from '@app/platform';
import {
  CounterMetric,
  errorTypeOf,
  HistogramMetric,
  ObservedMetric,
  startSpan,
  STATION_SECONDS,
} from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';

/** Seconds until a full tier has made room: the queue is worked off in less. */
const RETRY_AFTER_SECONDS = 1;

const wait = new HistogramMetric(
  {
    name: 'classifier.queue.wait',
    unit: 's',
    description: 'How long requests waited for a place in the business tier.',
    attributes: [],
  },
  STATION_SECONDS,
);

const depth = new ObservedMetric('up-down counter', {
  name: 'classifier.queue.depth',
  unit: '{request}',
  description: 'Requests that wait for a place, and that have one.',
  attributes: ['state'],
});

const refused = new CounterMetric({
  name: 'classifier.queue.refused',
  unit: '{request}',
  description: 'Requests that were refused because the queue was full.',
  attributes: [],
});

/** How many classifications are worked on, and how many may wait; one more is refused before its image is read. */
@Injectable()
export class Admission {
  private readonly bulkhead;

  constructor(maxConcurrent: number, maxQueue: number) {
    this.bulkhead = bulkhead(maxConcurrent, maxQueue);
    depth.observe(() => [
      { value: maxQueue - this.bulkhead.queueSlots, attributes: { state: 'waiting' } },
      { value: maxConcurrent - this.bulkhead.executionSlots, attributes: { state: 'admitted' } },
    ]);
  }

  /**
   * Runs the work when there is a place for it, unless its caller is gone by then.
   *
   * @throws ProblemError `overloaded` when the queue is full
   */
  async admit<T>(work: () => Promise<T>, signal: AbortSignal, trace: TraceContext): Promise<T> {
    const waiting = startSpan('wait for a place', { parent: trace });
    const since = performance.now();
    try {
      return await this.bulkhead.execute(() => {
        wait.record((performance.now() - since) / 1000, {});
        waiting.end(signal.aborted ? { errorType: errorTypeOf(signal.reason) } : {});
        signal.throwIfAborted();
        return work();
      });
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        refused.add(1, {});
        waiting.end({ errorType: 'overloaded' });
        throw new ProblemError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      throw error;
    }
  }
}
