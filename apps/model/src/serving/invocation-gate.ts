import { ProblemError } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { ModelConfig } from '../model.config';

/**
 * Bounds the images that are being worked on, decoding included: the queue before the model alone would let any number
 * of images be decoded only to be refused afterwards.
 */
@Injectable()
export class InvocationGate {
  private readonly limit: number;
  private inside = 0;

  constructor({ workers, maxQueue }: ModelConfig) {
    this.limit = workers + maxQueue;
  }

  /** Does the work, or throws `overloaded` without beginning it. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.limit) throw new ProblemError('overloaded', { retryAfterSeconds: 1 });
    this.inside += 1;
    try {
      return await work();
    } finally {
      this.inside -= 1;
    }
  }
}
