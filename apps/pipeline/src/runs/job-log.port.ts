import { Job } from './run';

/** What the jobs of a run print. A log that is not there yet, or cannot be had, is an empty one: nobody fails for want of it. */
export interface JobLog {
  /** The last sentence that the job said of its progress. */
  progressOf(job: Job): Promise<string | undefined>;
  lastLines(job: Job, count: number): Promise<readonly string[]>;
  /** For people who want to read all of it. */
  placeOf(job: Job): string;
}
