import { isSystemError } from '@app/learning';
import { JobError } from './job.error';

/** Says what has no place, and where, when the operating system refuses to write it. */
export async function written<T>(what: string, where: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new JobError(`${what} cannot be written to ${where} (${error.message}).`, { cause: error });
  }
}
