import { ProblemError } from '@app/contracts';
import { ObservedMetric } from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';

const RETRY_AFTER_SECONDS = 2;

const held = new ObservedMetric('up-down counter', {
  name: 'classifier.gateway.upload.memory',
  unit: 'By',
  description: 'Memory that images hold which are being received or classified.',
  attributes: [],
});

/** Memory that is counted for one image; given back as a whole. */
export interface UploadLease {
  /** @throws ProblemError `overloaded` when that much is not free */
  readonly reserve: (bytes: number) => void;
  readonly release: () => void;
}

/** The memory that all images together may take, so that many slow uploads cannot exhaust the process. */
@Injectable()
export class UploadMemory {
  private usedBytes = 0;

  constructor(private readonly limitBytes: number) {
    held.observe(() => [{ value: this.usedBytes }]);
  }

  lease(): UploadLease {
    let heldBytes = 0;
    return {
      reserve: (bytes) => {
        if (this.usedBytes + bytes > this.limitBytes) {
          throw new ProblemError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS });
        }
        heldBytes += bytes;
        this.usedBytes += bytes;
      },
      release: () => {
        this.usedBytes -= heldBytes;
        heldBytes = 0;
      },
    };
  }
}
