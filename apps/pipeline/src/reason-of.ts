// Errors of the operating system and of the AWS SDK. Whoever catches one cannot be sure that it is an `Error` of this realm.
import { types } from 'node:util';

/** Why something failed, in the words of what refused it. */
export function reasonOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}

/** What the operating system calls it: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return types.isNativeError(error) && 'code' in error ? String(error.code) : undefined;
}
