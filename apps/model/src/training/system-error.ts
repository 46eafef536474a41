import { types } from 'node:util';

/** Whether the operating system refused something: a full disk, a closed folder, a missing file. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return types.isNativeError(error) && 'syscall' in error;
}
