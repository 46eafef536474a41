import { ProblemError } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';

/** Seconds until a full tier has made room: the queue is worked off in less. */
const RETRY_AFTER_SECONDS = 1;

/** How many classifications are worked on, and how many may wait; one more is refused before its image is read. */
@Injectable()
export class Admission {
  private readonly bulkhead;

  constructor(maxConcurrent: number, maxQueue: number) {
    this.bulkhead = bulkhead(maxConcurrent, maxQueue);
  }

  /**
   * Runs the work when there is a place for it, unless its caller is gone by then.
   *
   * @throws ProblemError `overloaded` when the queue is full
   */
  async admit<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.bulkhead.execute(() => {
        signal.throwIfAborted();
        return work();
      });
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        throw new ProblemError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      throw error;
    }
  }
}
