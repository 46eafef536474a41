/**
 * A child process that is a Node program: its output by lines, why it ended, and an end that is certain. It does not
 * know what the program does.
 */
import { ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastErrorLine } from './last-error-line';
import { distFile } from './places';

export type Environment = Readonly<Record<string, string | undefined>>;
export type OutputStream = 'stdout' | 'stderr';

export interface ManagedProcessOptions {
  /** The program and its arguments; this Node runs it. */
  readonly command: readonly [script: string, ...parameters: string[]];
  /** The whole environment of the process; nothing is added. */
  readonly environment: Environment;
  readonly onLine?: (line: string, stream: OutputStream) => void;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The line that says best what went wrong; absent when the process wrote none or was ended from outside. */
  readonly lastError?: string;
}

/** Output that a dead process left in its pipes arrives at once, unless a grandchild still holds them. */
const LAST_OUTPUT_MS = 500;

/** Signals that come from outside: what the process wrote before has nothing to do with them. */
const SIGNALS_FROM_OUTSIDE: readonly (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

export class ManagedProcess {
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #errorLine = lastErrorLine();
  #isRunning = true;

  constructor({ command, environment, onLine }: ManagedProcessOptions) {
    this.#child = spawn(
      process.execPath,
      ['--require', distFile('libs/sagemaker-local/src/exit-with-parent.js'), ...command],
      {
        env: environment,
        stdio: 'pipe',
        // Its own process group: Ctrl-C in a terminal reaches the parent alone, which then stops its children in order.
        detached: process.platform !== 'win32',
        windowsHide: true,
      },
    );
    this.#child.stdin?.on('error', () => undefined); // it closes when the process ends; nothing is ever written
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = this.#child[stream];
      if (input === null) continue;
      createInterface({ input, crlfDelay: Infinity }).on('line', (line) => {
        this.#errorLine.see(line, stream);
        onLine?.(line, stream);
      });
    }
    this.exited = this.#watch();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Asks the process to end (SIGTERM) and ends it (SIGKILL) when it has not within `graceMs`. */
  async stop(graceMs: number): Promise<ProcessExit> {
    if (this.#isRunning) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.kill(), graceMs);
      await this.exited;
      clearTimeout(timer);
    }
    return this.exited;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #watch(): Promise<ProcessExit> {
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    const exit = await new Promise<ProcessExit>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
      this.#child.once('error', (error) => resolve({ code: null, signal: null, lastError: error.message }));
    });
    this.#isRunning = false;
    await Promise.race([closed, sleep(LAST_OUTPUT_MS, undefined, { ref: false })]);
    if (SIGNALS_FROM_OUTSIDE.includes(exit.signal)) return exit;
    const lastError = exit.lastError ?? this.#errorLine.text;
    return { ...exit, ...(lastError === undefined ? {} : { lastError }) };
  }
}

/** For people: `exit code 78: model.json is missing` or `signal SIGKILL`. */
export function describeExit({ code, signal, lastError }: ProcessExit): string {
  const how = signal !== null ? `signal ${signal}` : code !== null ? `exit code ${code}` : 'it could not be started';
  return lastError === undefined ? how : `${how}: ${lastError}`;
}
