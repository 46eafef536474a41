import { ProblemError } from '@app/contracts';
import { ServerResponse } from 'node:http';
import { ClientLeftError } from './client-left.error';

/**
 * The time that some work has in all. Its signal aborts when the time is up, with a `deadline-exceeded` problem as the
 * reason, or when the client has left, with a `ClientLeftError`.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly endsAt: number;
  private readonly timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.endsAt = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.controller.abort(new ProblemError('deadline-exceeded', {})), timeoutMs);
    this.timer.unref();
  }

  /** A deadline that ends with the request: also when its client leaves before the reply. */
  static ofRequest(timeoutMs: number, response: ServerResponse): Deadline {
    const deadline = new Deadline(timeoutMs);
    response.once('close', () => {
      clearTimeout(deadline.timer);
      if (!response.writableFinished) deadline.controller.abort(new ClientLeftError());
    });
    return deadline;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Milliseconds that are left, at least 0. */
  get remainingMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }
}
