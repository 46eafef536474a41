import { types } from 'node:util';

/** Whether the operating system refused something: `code` then says what, for example `ENOENT` or `ENOSPC`. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'syscall' in error;
}
