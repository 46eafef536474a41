import { isProblem, ProblemError } from '@app/contracts';
import { ClientLeftError } from '@app/platform';
import { ModelError, SageMakerRuntimeServiceException } from '@aws-sdk/client-sagemaker-runtime';

// What the endpoint's failures mean to a caller. The failures themselves are listed in docs/protocol.md.

/** Seconds after which it makes sense to ask a model again that is starting, or was restarted. */
const RETRY_AFTER_SECONDS = 2;

/** Whether an error says that the endpoint as a whole is in trouble: what opens the circuit. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ClientLeftError) return false;
  const { code } = toProblem(error);
  return code === 'model-unavailable' || code === 'deadline-exceeded';
}

export function toProblem(error: unknown): ProblemError {
  if (isProblem(error)) return error;
  if (error instanceof ModelError) return fromContainer(error);
  if (error instanceof SyntaxError) return new ProblemError('bad-model-answer', {}, { cause: error });
  if (error instanceof SageMakerRuntimeServiceException && error.name === 'ThrottlingException') {
    return new ProblemError('overloaded', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
  }
  // ServiceUnavailable, InternalFailure, ModelNotReadyException, ValidationError (no such endpoint), AccessDenied, and
  // everything below HTTP: refused and broken connections, time-outs.
  return new ProblemError('model-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
}

/** The container itself refused or failed: our own says why in a problem document, others only by their status. */
function fromContainer(error: ModelError): ProblemError {
  const own = ProblemError.fromDocument(parseOrNothing(error.OriginalMessage));
  if (own !== undefined) return own;

  const status = error.OriginalStatusCode ?? 0;
  if (/timed out/i.test(error.message)) return new ProblemError('deadline-exceeded', {}, { cause: error });
  if (status === 400 || status === 415 || status === 422) {
    return new ProblemError('image-undecodable', {}, { cause: error });
  }
  if (status >= 500 || status === 0) {
    return new ProblemError('model-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
  }
  return new ProblemError('bad-model-answer', {}, { cause: error });
}

function parseOrNothing(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
