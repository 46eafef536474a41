/** One run of a job's container, which is a process here, with its time limit and its log. It does not know what the job is for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment, ManagedProcess, ProcessExit } from '../managed-process';
import { JobLog } from './job-log';

/** SageMaker: seconds between SIGTERM and SIGKILL. */
export const STOP_GRACE_MS = 120_000;
/** When this process itself has to end, a job that will be started anew has nothing worth two minutes. */
const INTERRUPTION_GRACE_MS = 5_000;

/** Why jobs are stopped: somebody asked for it, or the process that runs them ends. Reasons of an `AbortSignal`. */
export type StopCause = 'stopped' | 'interrupted';

export type ContainerEnd =
  { readonly how: 'exit'; readonly exit: ProcessExit } | { readonly how: 'time-limit' } | { readonly how: StopCause };

export interface ContainerRunOptions {
  readonly command: readonly [script: string, ...parameters: string[]];
  readonly environment: Environment;
  readonly log: JobLog;
  readonly onLine?: (line: string) => void;
  readonly maxRuntimeMs: number;
  readonly stopGraceMs: number;
  readonly stopping: AbortSignal;
}

/** Nothing of the container runs any more when this resolves. */
export async function runContainer(options: ContainerRunOptions): Promise<ContainerEnd> {
  const { command, environment, log, onLine, maxRuntimeMs, stopGraceMs, stopping } = options;
  if (stopping.aborted) return { how: causeOf(stopping) };
  const container = new ManagedProcess({
    command,
    environment,
    onLine: (line) => {
      log.write(line);
      onLine?.(line);
    },
  });
  const over = new AbortController();
  const timeLimit = wait(maxRuntimeMs, over.signal).then(() => 'time-limit' as const);
  const asked = new Promise<StopCause>((resolve) => {
    stopping.addEventListener('abort', () => resolve(causeOf(stopping)), { signal: over.signal });
  });
  const first = await Promise.race([container.exited, timeLimit, asked]);
  over.abort();
  if (typeof first === 'object') return { how: 'exit', exit: first };
  await container.stop(first === 'interrupted' ? Math.min(stopGraceMs, INTERRUPTION_GRACE_MS) : stopGraceMs);
  return { how: first };
}

/**
 * The image that a step names is not looked at: its program is `command`. An entry point that is given stands for that program up to
 * its script (`node`, `dist/main.js`); what follows the script is passed on.
 */
export function commandOf(
  command: readonly [string, ...string[]],
  entrypoint: readonly string[],
  given: readonly string[],
  byDefault: string,
): readonly [string, ...string[]] {
  const script = entrypoint.findIndex((part) => /\.[cm]?js$/.test(part));
  const parameters = [...(script < 0 ? [] : entrypoint.slice(script + 1)), ...given];
  return [...command, ...(parameters.length === 0 ? [byDefault] : parameters)];
}

export function causeOf(stopping: AbortSignal): StopCause {
  return stopping.reason === 'interrupted' ? 'interrupted' : 'stopped';
}

/** Resolves early when it is not wanted any more. A timer of Node holds 24 days at most, SageMaker's time limit 28. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  const end = Date.now() + ms;
  for (let rest = ms; rest > 0 && !signal.aborted; rest = end - Date.now()) {
    await sleep(Math.min(rest, 2 ** 31 - 1), undefined, { signal }).catch(() => undefined);
  }
}
