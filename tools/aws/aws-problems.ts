// What AWS and its SDK throw, in words that say what to do. Knows no command.
import { CommandError } from '../../apps/pipeline/src/command.error';
import { reasonOf } from '../../apps/pipeline/src/reason-of';

/** Name of the error as the service gives it, such as `ValidationError`; empty for what is no error of a service. */
export function errorName(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

/** Not a fault of the account: whoever asks may not look. */
export function isNotAllowed(error: unknown): boolean {
  return /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)/.test(errorName(error));
}

/** Services say in different words that something is not there. */
export function isMissing(error: unknown): boolean {
  return (
    /NotFound|NoSuch|DoesNotExist|ResourceNotFoundException/i.test(errorName(error)) ||
    /does not exist|could not find|not found/i.test(reasonOf(error))
  );
}

const NO_CREDENTIALS =
  /^(CredentialsProviderError|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure)/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)/;

/** Waits for the answer of AWS; what cannot go on without a person becomes a `CommandError`. */
export async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const name = errorName(error);
    if (EXPIRED.test(name)) {
      throw new CommandError('The AWS credentials have expired. Sign in again, for example: aws sso login', undefined, {
        cause: error,
      });
    }
    if (NO_CREDENTIALS.test(name)) {
      throw new CommandError(
        `There are no valid AWS credentials (${reasonOf(error)}).\n` +
          'Sign in with `aws sso login`, name a profile with AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
        undefined,
        { cause: error },
      );
    }
    throw error;
  }
}

/** The answer, or undefined where there is nothing of that name. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
