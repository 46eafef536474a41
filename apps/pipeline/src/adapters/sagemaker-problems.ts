// What SageMaker's and S3's refusals mean to the person at the command line: one sentence each, with what to do.
import { types } from 'node:util';
import { CommandError } from '../command.error';
import { codeOf } from '../reason-of';

/** Where the calls go: `SageMaker in eu-west-1`. */
export interface CalledService {
  readonly name: string;
  readonly isLocal: boolean;
}

const UNKNOWN_CREDENTIALS =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId)/;
/** What the operating system says of a connection that does not come about, or breaks. */
const NETWORK =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|socket hang up)\b/;

/** Does something through the SDK; what it throws becomes a `CommandError` with a sentence. */
export async function explained<T>(service: CalledService, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw explain(service, error);
  }
}

/** The error as a `CommandError`, when there is a sentence for it. */
export function explain({ name, isLocal }: CalledService, error: unknown): unknown {
  if (!types.isNativeError(error) || error instanceof CommandError || error.name === 'AbortError') return error;
  const say = (sentence: string) => new CommandError(sentence, undefined, { cause: error });
  const code = codeOf(error) ?? '';
  const status = statusOf(error);
  const { message } = error;

  if (/^(CredentialsProviderError|ProviderError|TokenProviderError)$/.test(error.name)) {
    return say('There are no AWS credentials: run `aws configure` or `aws sso login`, or set AWS_PROFILE.');
  }
  if (/region is missing/i.test(message))
    return say('The AWS region is not known: set AWS_REGION, for example eu-west-1.');
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(error.name)) {
    return say('The AWS credentials have expired: sign in again (`aws sso login`).');
  }
  if (UNKNOWN_CREDENTIALS.test(error.name)) {
    return say(`${name} does not know these AWS credentials (${message}). Check AWS_PROFILE and the region.`);
  }
  if (/^AccessDenied/.test(error.name) || status === 403) {
    return say(`${name} refuses access: ${sentence(message)} Ask for that permission, or use another AWS_PROFILE.`);
  }
  if (/Throttling|TooManyRequests|SlowDown/.test(error.name) || status === 429) {
    return say(`${name} gets too many requests from this account, also after several tries. Try again in a minute.`);
  }
  if (error.name === 'NoSuchBucket')
    return say(`The bucket does not exist (${message}). Check --bucket and the region.`);
  if (/^(PermanentRedirect|AuthorizationHeaderMalformed)$/.test(error.name)) {
    return say(
      `${name} keeps the bucket in another region: ${sentence(message)} Set AWS_REGION to that of the bucket.`,
    );
  }
  if (error.name === 'ResourceLimitExceeded') {
    return say(
      `The account is at its limit: ${sentence(message)} Ask for more under Service Quotas, or take another --instance-type.`,
    );
  }
  if (NETWORK.test(`${code} ${message}`) || error.name === 'TimeoutError') {
    const way = isLocal ? '' : ' Check the network, AWS_REGION and AWS_ENDPOINT_URL.';
    return say(`${name} cannot be reached (${message || code}).${way}`);
  }
  // Not what SageMaker says: the page of a proxy, for example.
  if (error.name === 'SyntaxError') return say(`${name} gave an answer that makes no sense. Check AWS_ENDPOINT_URL.`);
  if (status !== undefined && status >= 500) return say(`${name} failed (${status}): ${sentence(message)} Try again.`);
  if (status !== undefined) return say(`${name} refuses: ${sentence(message)}`);
  return error;
}

/** Whether an error says that what was asked for is not there. */
export function isMissing(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  if (/^(ResourceNotFound|NoSuchKey|NotFound)$/.test(error.name)) return true;
  // DescribeModelPackage, -Group and -Endpoint give a ValidationException for a name that they do not know.
  return (
    error.name === 'ValidationException' && /does not exist|could not find|cannot find|not found/i.test(error.message)
  );
}

/** Of the HTTP answer that the SDK made an error of. */
export function statusOf(error: unknown): number | undefined {
  const metadata = types.isNativeError(error) && '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
