/**
 * What SageMaker's errors mean. Most have the same type, so that only their words tell them apart; whose words they
 * are is in the README of this lib.
 */
const saying = (words: RegExp) => (error: unknown) =>
  error instanceof Error && error.name === 'ValidationException' && words.test(error.message);

export const isNoSuchEndpoint = saying(/^Could not find endpoint ["']/);
export const isNoSuchEndpointConfig = saying(/^Could not find endpoint configuration /);
export const isNoSuchModel = saying(/^Could not find model /);
export const isNoSuchModelPackage = saying(/does not exist\.?$/);
export const isTaken = saying(/^Cannot create already existing /);
export const isInProgress = saying(/^Cannot update in-progress endpoint /);

const THROTTLING = ['Throttling', 'ThrottlingException', 'ThrottledException', 'TooManyRequestsException', 'SlowDown'];

/** There were too many calls; the SDK has tried again already, and gave up. */
export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLING.includes(error.name);
}
