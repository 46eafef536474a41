import { isProblem, ProblemError } from '@app/contracts';
import { ClientLeftError } from '@app/platform';
import { ModelError, SageMakerRuntimeServiceException } from '@aws-sdk/client-sagemaker-runtime';

// What the endpoint's failures mean to a caller. The failures themselves are listed in docs/protocol.md.

/** Seconds after which it makes sense to ask a model again that is starting, or was restarted. */
const RETRY_AFTER_SECONDS = 2;

/** Making an endpoint takes minutes, and a first model takes a person. */
const RETRY_WITHOUT_MODEL_SECONDS = 60;

/** What the runtime says of an endpoint that does not exist, and of one that is being created: aws/amazon-sagemaker-examples#293 */
const NO_SUCH_ENDPOINT = /^Endpoint \S+ of account \S+ not found/;

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
  if (isNoSuchEndpoint(error)) {
    return new ProblemError('model-missing', { retryAfterSeconds: RETRY_WITHOUT_MODEL_SECONDS }, { cause: error });
  }
  // ServiceUnavailable, InternalFailure, ModelNotReadyException, any other ValidationError, AccessDenied, and everything
  // below HTTP: refused and broken connections, time-outs.
  return new ProblemError('model-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
}

function isNoSuchEndpoint(error: unknown): boolean {
  return (
    error instanceof SageMakerRuntimeServiceException &&
    error.name === 'ValidationError' &&
    NO_SUCH_ENDPOINT.test(error.message)
  );
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
