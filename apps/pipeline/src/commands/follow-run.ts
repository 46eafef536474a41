// Shows a run until its end, and tells by the exit code what it came to. For the commands `run` and `watch`.
import { CommandError, ExitCode } from '../command.error';
import { CommandContext } from '../command-context';
import { Connection, PlaceOptions } from '../connection';
import { ModelVersion } from '../models/model-version';
import { indented, writeLines } from '../output/output';
import { runDisplay } from '../progress/run-display';
import { resultLines } from '../runs/run-lines';
import { Run, RunOutcome } from '../runs/run';
import { RunResult } from '../runs/run.service';
import { typed } from './place-options';

export interface RunOptions extends PlaceOptions {
  readonly json?: boolean;
}

const EXIT_CODES: Readonly<Record<RunOutcome, ExitCode>> = {
  running: ExitCode.done,
  registered: ExitCode.done,
  refused: ExitCode.refused,
  stopped: ExitCode.failed,
  failed: ExitCode.failed,
};

/** Of a job that failed. */
const LOG_LINES = 12;

/** `onInterrupt`: whether Ctrl-C stops the run, or only looking at it. */
export async function followRun(
  context: CommandContext,
  connection: Connection,
  id: string,
  options: RunOptions,
  onInterrupt: 'stop' | 'leave',
): Promise<ExitCode> {
  const { output, interrupts, now } = context;
  const { runs } = connection;
  const stream = options.json === true ? output.stderr : output.stdout;
  const show = async (signal: AbortSignal): Promise<Run> => {
    const display = runDisplay({ stream, isColoured: output.isColoured, now });
    try {
      return await runs.follow(id, (run, progress) => display.update(run, progress), signal);
    } finally {
      display.end();
    }
  };

  const interrupted = interrupts.takeOver();
  const ended = await show(interrupted).catch((error: unknown) => {
    if (interrupted.aborted) return undefined;
    throw error;
  });
  if (ended !== undefined) {
    const result = await runs.resultOf(ended);
    await writeEnd(context, connection, result, options);
    return EXIT_CODES[result.outcome];
  }
  if (onInterrupt === 'leave') {
    stream.write(`\nNo longer watching. ${typed(options, `watch ${id}`)}\n`);
    return ExitCode.interrupted;
  }
  stream.write(`\nStopping run ${id} (Ctrl-C again to leave at once) ...\n`);
  await runs.stop(id).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    stream.write(`${error.message}\n`); // it may have ended by itself just now
  });
  const stopped = await show(new AbortController().signal);
  stream.write(`Run ${id} is ${stopped.state}. To go on with it: ${typed(options, `run --resume ${id}`)}\n`);
  return ExitCode.interrupted;
}

async function writeEnd(
  { output, now }: CommandContext,
  { runs, models }: Connection,
  result: RunResult,
  options: RunOptions,
): Promise<void> {
  if (options.json === true) {
    output.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const version = result.version === undefined ? undefined : await models.get(result.version);
  writeLines(output.stdout, [
    '',
    ...resultLines(result, now()),
    ...(await logLines(runs, result)),
    ...nextLines(result, version, options),
  ]);
}

async function logLines(runs: Connection['runs'], { run, outcome }: RunResult): Promise<string[]> {
  if (outcome !== 'failed') return [];
  const job = run.steps.find(({ state }) => state === 'failed')?.job;
  if (job === undefined) return [];
  const lines = await runs.lastLines(job, LOG_LINES);
  return [
    '',
    ...(lines.length === 0 ? [] : ['The last lines of its log:', ...indented(lines)]),
    `All of it: ${runs.placeOfLog(job)}`,
  ];
}

function nextLines({ run, outcome }: RunResult, version: ModelVersion | undefined, options: RunOptions): string[] {
  if (version !== undefined) {
    const next = version.approval === 'approved' ? 'deploy' : 'approve';
    return ['', `Next: ${typed(options, `${next} ${version.number}`)}`];
  }
  return outcome === 'stopped' || outcome === 'failed'
    ? ['', `To go on with it: ${typed(options, `run --resume ${run.id}`)}`]
    : [];
}
