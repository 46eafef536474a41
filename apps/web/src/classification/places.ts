import { ProblemError } from '@app/contracts';
import { ObservedMetric } from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';

/** The business tier works off all that may be there in less. */
const RETRY_AFTER_SECONDS = 1;

const inFlight = new ObservedMetric('up-down counter', {
  name: 'classifier.gateway.images',
  unit: '{image}',
  description: 'Images that are with the business tier.',
  attributes: [],
});

/**
 * How many images may be with the business tier at the same time. It has a bounded queue of its own; what would only be
 * refused there is refused here, before it is even received. An upload that is still arriving takes no place.
 */
@Injectable()
export class Places {
  private taken = 0;

  constructor(private readonly limit: number) {
    inFlight.observe(() => [{ value: this.taken }]);
  }

  /** @throws ProblemError `overloaded` when no place is free */
  requireFree(): void {
    if (this.taken >= this.limit) throw new ProblemError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }

  /** Does the work in a place. Throws what the work throws, and `overloaded` when no place is free. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.requireFree();
    this.taken++;
    try {
      return await work();
    } finally {
      this.taken--;
    }
  }
}
