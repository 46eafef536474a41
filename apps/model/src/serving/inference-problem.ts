import { ProblemError } from '@app/contracts';
import { PoolUnavailableError, QueueFullError, WorkerLostError } from '@app/onnx';

/** What the session pool throws, as the refusal a client gets; anything else stays what it is. */
export function inferenceProblem(error: unknown): unknown {
  const options = { cause: error };
  if (error instanceof QueueFullError) return new ProblemError('overloaded', { retryAfterSeconds: 1 }, options);
  if (error instanceof WorkerLostError || error instanceof PoolUnavailableError) {
    return new ProblemError('model-unavailable', { retryAfterSeconds: 1 }, options);
  }
  return error;
}
