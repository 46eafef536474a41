/** What a job prints, in a file that others can read while it runs: a line is there as soon as it was printed. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { StateFolder } from '../state';
import { JobKind } from './arn';

/** A job that prints without end must not fill the disk. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Where the log of a job lies, whether the job exists or not: what it prints, line by line, in the order of its arrival. */
export function jobLogFile(state: StateFolder, kind: JobKind, job: string): string {
  return state.path(`${kind}s`, job, 'log.txt');
}

export class JobLog {
  readonly #file: number;
  #bytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  /** Never throws: a job does not fail for want of a log. */
  write(line: string): void {
    if (this.#bytes > MAX_BYTES) return;
    this.#bytes += Buffer.byteLength(line) + 1;
    this.#append(this.#bytes > MAX_BYTES ? `(The log ends here: it is larger than ${MAX_BYTES} bytes.)` : line);
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: string): void {
    try {
      writeSync(this.#file, `${line}\n`);
    } catch {
      // The disk is full. What the job needs is written elsewhere, and fails there with a sentence.
    }
  }
}
