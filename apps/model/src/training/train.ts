// The job `train` as a process: signals, exit codes, and where a failure is told.
import { BackboneError, DatasetError } from '@app/learning';
import { ConfigError, Environment, EXIT_CODE_CONFIG, loadConfig } from '@app/platform/config';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelPackageError } from '../model-package/model-package.error';
import { TrainingConfig } from './training.config';
import { TrainingError } from './training.error';
import { trainingFolders } from './training-folders';
import { runTrainingJob } from './training-job';
import { TrainingLog } from './training-log';

/** SageMaker shows no more of the file `failure`. */
const MAX_FAILURE_CHARACTERS = 1024;
/** As a shell says it of a program that SIGTERM ended. */
const EXIT_CODE_INTERRUPTED = 143;
const EXIT_CODE_FAILED = 1;

/** Runs the training job that lies in the base folder, and sets the exit code of the process. */
export async function train(environment: Environment): Promise<void> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => stop.abort(new Error(signal));
  // SageMaker sends SIGTERM, a terminal SIGINT; the second one ends the process as if nobody listened.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, onSignal);

  const log = new TrainingLog();
  let failureFile: string | undefined;
  try {
    const config = loadConfig(TrainingConfig, environment);
    const folders = trainingFolders(config.baseFolder);
    failureFile = folders.failure;
    await runTrainingJob({ folders, config, log, signal: stop.signal });
  } catch (error) {
    log.endPhase();
    process.exitCode = exitCodeOf(error);
    await tellFailure(error, failureFile);
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, onSignal);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT_CODE_CONFIG;
  if (!(error instanceof TrainingError)) return EXIT_CODE_FAILED;
  if (error.code === 'interrupted') return EXIT_CODE_INTERRUPTED;
  return error.code === 'bad-hyperparameters' || error.code === 'bad-configuration'
    ? EXIT_CODE_CONFIG
    : EXIT_CODE_FAILED;
}

/** One line: the last on stderr, and the content of `failure` where that can be written. */
async function tellFailure(error: unknown, file: string | undefined): Promise<void> {
  const line = (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, ' ');
  if (!isForeseen(error)) complain(error instanceof Error ? (error.stack ?? '') : '');
  if (file !== undefined) {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, line.slice(0, MAX_FAILURE_CHARACTERS));
    } catch (fault) {
      complain(`${file} cannot be written (${fault instanceof Error ? fault.message : String(fault)}).`);
    }
  }
  complain(line);
}

/** Its message is for people; of all others the stack is of use. */
function isForeseen(error: unknown): boolean {
  return [TrainingError, DatasetError, BackboneError, ModelPackageError, ConfigError].some(
    (kind) => error instanceof kind,
  );
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
