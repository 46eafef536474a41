/** The process of a tier that the others can do without: when it ends that is said, it is started again, and nothing else ends. */
import { describeExit, EXIT_CODE_REFUSED, ManagedProcess } from '@app/sagemaker-local';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogPrinter } from './log-printer';
import { DispensableTier } from './tiers';

const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;
/** A process that lived this long starts the backoff anew. */
const STABLE_AFTER_MS = 60_000;

export class KeptProcess {
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  #process: ManagedProcess;

  constructor(
    private readonly tier: DispensableTier,
    private readonly printer: LogPrinter,
  ) {
    this.#process = this.#start();
    this.#watching = this.#watch();
  }

  /** Asks the process to end, ends it after `graceMs`, and starts none any more. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#process.stop(graceMs);
    await this.#watching;
  }

  kill(): void {
    this.#stopping.abort();
    this.#process.kill();
  }

  #start(): ManagedProcess {
    return new ManagedProcess({
      command: [this.tier.script],
      environment: this.tier.environment,
      onLine: (line) => this.printer.print(this.tier.name, line),
    });
  }

  async #watch(): Promise<void> {
    const { name, without } = this.tier;
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      const startedAt = performance.now();
      const exit = await this.#process.exited;
      if (this.#stopping.signal.aborted) return;
      const ended = `${name} ended (${describeExit(exit)}). ${without}`;
      if (exit.code === EXIT_CODE_REFUSED) {
        this.printer.say(`${ended} It is not started again before the next npm start.`);
        return;
      }
      if (performance.now() - startedAt > STABLE_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;
      this.printer.say(`${ended} It is started again in ${backoffMs / 1000} s.`);
      if (!(await this.#isWantedAfter(backoffMs))) return;
      this.#process = this.#start();
    }
  }

  async #isWantedAfter(delayMs: number): Promise<boolean> {
    await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    return !this.#stopping.signal.aborted;
  }
}
