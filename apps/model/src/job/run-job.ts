// A job as a process: signals, exit codes, and where a failure is told. Knows no job.
import { BackboneError, DatasetError } from '@app/learning';
import { ConfigError, Environment, EXIT_CODE_CONFIG, loadConfig } from '@app/platform/config';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelPackageError } from '../model-package/model-package.error';
import { JobConfig } from './job.config';
import { EXIT_CODE_FAILED, EXIT_CODE_INTERRUPTED, JobError } from './job.error';
import { JobLog } from './job-log';

export interface JobContext<C extends JobConfig> {
  readonly config: C;
  readonly environment: Environment;
  readonly log: JobLog;
  /** Aborted, with a `JobError`, when the process is told to stop. */
  readonly signal: AbortSignal;
}

export interface Job<C extends JobConfig> {
  readonly config: new () => C;
  /** The file from which SageMaker takes the reason of a failure. */
  readonly reasonFile: (config: C) => string;
  readonly run: (context: JobContext<C>) => Promise<void>;
}

/** SageMaker shows no more of the reason, and fails over text that is no UTF-8. */
const MAX_REASON_BYTES = 1024;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Their messages are for people; of all other errors the stack is of use. */
const FORESEEN = [JobError, ModelPackageError, DatasetError, BackboneError, ConfigError];

/** Runs the job that lies in the base folder, and sets the exit code of the process. */
export async function runJob<C extends JobConfig>(environment: Environment, job: Job<C>): Promise<void> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals) =>
    stop.abort(new JobError(`The job was told to stop (${name}).`, { exitCode: EXIT_CODE_INTERRUPTED }));
  // SageMaker sends SIGTERM, a terminal SIGINT; the second one ends the process as if nobody listened.
  for (const name of STOP_SIGNALS) process.once(name, onSignal);

  const log = new JobLog();
  let reasonFile: string | undefined;
  try {
    const config = loadConfig(job.config, environment);
    reasonFile = job.reasonFile(config);
    await job.run({ config, environment, log, signal: stop.signal });
  } catch (error) {
    log.endPhase();
    process.exitCode = exitCodeOf(error);
    await tellFailure(error, reasonFile);
  } finally {
    for (const name of STOP_SIGNALS) process.off(name, onSignal);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof JobError) return error.exitCode;
  return error instanceof ConfigError ? EXIT_CODE_CONFIG : EXIT_CODE_FAILED;
}

/** One line: the last on stderr, and the content of `file` where that can be written. */
async function tellFailure(error: unknown, file: string | undefined): Promise<void> {
  if (error instanceof Error && !FORESEEN.some((kind) => error instanceof kind)) complain(error.stack ?? '');
  const line = (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, ' ');
  if (file !== undefined) {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, beginningOf(line));
    } catch (fault) {
      complain(`${file} cannot be written (${fault instanceof Error ? fault.message : String(fault)}).`);
    }
  }
  complain(line);
}

/** Of a character that is cut in two nothing is left. */
function beginningOf(line: string): string {
  return new TextDecoder().decode(Buffer.from(line).subarray(0, MAX_REASON_BYTES), { stream: true });
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
