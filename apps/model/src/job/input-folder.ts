// The folders in which a job finds its inputs. SageMaker has no optional inputs: one that is not wanted holds `NOTHING_FILE` alone.
import { NOTHING_FILE } from '@app/contracts/learning';
import { isSystemError } from '@app/learning';
import { readdir } from 'node:fs/promises';
import { JobError } from './job.error';

/** False where the folder is absent, empty, or says that there is nothing. Throws a `JobError` when it cannot be read. */
export async function holdsInput(folder: string): Promise<boolean> {
  return (await namesIn(folder)).some((name) => name !== NOTHING_FILE && !name.startsWith('.'));
}

/** Nothing in what is absent or no folder. Throws a `JobError` when it cannot be read. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new JobError(`${folder} cannot be read (${error.message}).`, { cause: error });
  }
}
