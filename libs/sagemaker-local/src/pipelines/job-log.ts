/** What a job prints, in a file that others can read while it runs: a line is there as soon as it was printed. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { StateFolder } from '../state';
import { JobKind } from './job-record';

/** A job that prints without end must not fill the disk. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Where the log of a job lies, whether the job exists or not: what it prints, line by line, in the order of its arrival. */
export function jobLogFile(state: StateFolder, kind: JobKind, job: string): string {
  return state.path(`${kind}s`, job, 'log.txt');
}

/** Never throws: a job does not fail for want of a log. On a full disk what the job needs fails elsewhere, with a sentence. */
export class JobLog {
  readonly #file: number | undefined;
  #bytes = 0;

  constructor(path: string) {
    this.#file = attempt(() => openSync(path, 'a'));
  }

  write(line: string): void {
    const file = this.#file;
    if (file === undefined || this.#bytes > MAX_BYTES) return;
    this.#bytes += Buffer.byteLength(line) + 1;
    const text = this.#bytes > MAX_BYTES ? `(The log ends here: it is larger than ${MAX_BYTES} bytes.)` : line;
    attempt(() => writeSync(file, `${text}\n`));
  }

  close(): void {
    const file = this.#file;
    if (file !== undefined) attempt(() => closeSync(file));
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
