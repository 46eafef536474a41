/** What jobs on this machine print: files in the state folder. */
import { PROGRESS_PREFIX } from '@app/contracts/learning';
import { open } from 'node:fs/promises';
import { JobLog } from '../runs/job-log.port';
import { Job } from '../runs/run';

/** More than any line that a job prints; less than would be felt twice a second. */
const TAIL_BYTES = 16_384;

export class LocalJobLog implements JobLog {
  constructor(private readonly fileOf: (job: Job) => string) {}

  async progressOf(job: Job): Promise<string | undefined> {
    return lastProgress(await this.#tail(job));
  }

  async lastLines(job: Job, count: number): Promise<readonly string[]> {
    return (await this.#tail(job)).filter((line) => line.trim() !== '').slice(-count);
  }

  placeOf(job: Job): string {
    return this.fileOf(job);
  }

  async #tail(job: Job): Promise<readonly string[]> {
    try {
      const file = await open(this.fileOf(job));
      try {
        const { size } = await file.stat();
        const start = Math.max(0, size - TAIL_BYTES);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
        const lines = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
        return start === 0 ? lines : lines.slice(1); // the first may be cut
      } finally {
        await file.close();
      }
    } catch {
      return []; // not there yet, or gone
    }
  }
}

export function lastProgress(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    const at = line.indexOf(PROGRESS_PREFIX);
    if (at >= 0) return line.slice(at + PROGRESS_PREFIX.length).trim();
  }
  return undefined;
}
