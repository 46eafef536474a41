// What can go wrong with a session pool. Messages may name files and shapes: they are for the log, not for a client.

/** Base of all errors of this pool; `code` is stable. */
export abstract class SessionPoolError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** ONNX Runtime cannot make a session of the file. */
export class ModelLoadError extends SessionPoolError {
  readonly code = 'model-load-failed';
}

/** As much work waits as may wait. */
export class QueueFullError extends SessionPoolError {
  readonly code = 'queue-full';
}

/** The worker died with this work in its hands. Nobody knows whether the work killed it, so it is not tried again. */
export class WorkerLostError extends SessionPoolError {
  readonly code = 'worker-lost';
}

/** ONNX Runtime refused this run, for example because of a wrong shape. Other runs are not affected. */
export class RunFailedError extends SessionPoolError {
  readonly code = 'run-failed';
}

/** The pool is closed, or its workers cannot be started any more. */
export class PoolUnavailableError extends SessionPoolError {
  readonly code = 'pool-unavailable';
}
