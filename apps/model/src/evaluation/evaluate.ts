// The job `evaluate` as a process: signals, exit codes, and where a failure is told.
import { BackboneError, DatasetError } from '@app/learning';
import { ConfigError, EXIT_CODE_CONFIG, loadConfig } from '@app/platform';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelPackageError } from '../model-package/model-package.error';
import { EvaluationConfig } from './evaluation.config';
import { EvaluationError } from './evaluation.error';
import { EvaluationFolders } from './evaluation-folders';
import { runEvaluationJob } from './evaluation-job';
import { EvaluationLog } from './evaluation-log';

const EXIT_CODE_FAILED = 1;
/** As a shell says it of a program that SIGTERM ended. */
const EXIT_CODE_STOPPED = 143;
/** SageMaker shows no more of the message, and fails over text that is no UTF-8. */
const MAX_MESSAGE_BYTES = 1024;

/** Their messages are for people; of all other errors the stack is of use. */
const FORESEEN = [EvaluationError, ModelPackageError, DatasetError, BackboneError, ConfigError];

/** Runs the processing job that lies in the base folder, and sets the exit code of the process. */
export async function evaluate(environment: NodeJS.ProcessEnv): Promise<void> {
  const stop = new AbortController();
  // SageMaker sends SIGTERM, a terminal SIGINT; a second one ends the process as if nobody listened.
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => stop.abort(new EvaluationError(`The evaluation was told to stop (${name}).`)));
  }
  let message: string | undefined;
  try {
    const config = loadConfig(EvaluationConfig, environment);
    const folders = new EvaluationFolders(config.baseFolder);
    message = folders.message;
    await rm(message, { force: true });
    await runEvaluationJob({ folders, config, environment, log: new EvaluationLog(), signal: stop.signal });
  } catch (error) {
    const { aborted } = stop.signal;
    process.exitCode = aborted ? EXIT_CODE_STOPPED : error instanceof ConfigError ? EXIT_CODE_CONFIG : EXIT_CODE_FAILED;
    await tellFailure(aborted ? stop.signal.reason : error, message); // what else was thrown came of the stop
  }
}

/** One line: the last on stderr, and SageMaker's `ExitMessage` where that can be written. */
async function tellFailure(error: unknown, file: string | undefined): Promise<void> {
  if (error instanceof Error && !FORESEEN.some((kind) => error instanceof kind)) complain(error.stack ?? '');
  const line = (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, ' ');
  if (file !== undefined) {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(
        file,
        new TextDecoder().decode(Buffer.from(line).subarray(0, MAX_MESSAGE_BYTES), { stream: true }),
      );
    } catch (fault) {
      complain(`${file} cannot be written (${fault instanceof Error ? fault.message : String(fault)}).`);
    }
  }
  complain(line);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}
