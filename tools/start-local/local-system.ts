/** The running tiers: starts them in order, watches them, stops them in reverse order. Knows nothing of what they do. */
import { describeExit, ManagedProcess } from '@app/sagemaker-local';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeptProcess } from './kept-process';
import { LogPrinter } from './log-printer';
import { Tier } from './tiers';

/** The slowest part is loading and warming a large model. */
const READY_WITHIN_MS = 150_000;
const POLL_INTERVAL_MS = 100;
/** web and was finish what runs within 25 s of SIGTERM. */
const STOP_GRACE_MS = 30_000;

/** What can be ended. */
interface Running {
  stop(graceMs: number): Promise<unknown>;
  kill(): void;
}

/** A tier ended by itself, or did not become ready. The message says which and why. */
export class TierError extends Error {}

export class LocalSystem {
  readonly #running: Running[] = [];
  readonly #stopping = new AbortController();
  #onDeath: (error: TierError) => void = () => undefined;
  /** Resolves when a tier ends that the others need and that was not told to; never rejects. */
  readonly death = new Promise<TierError>((resolve) => (this.#onDeath = resolve));

  constructor(private readonly printer: LogPrinter) {}

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /**
   * Resolves when the tier is ready, and at once for one that nobody waits for. Throws `TierError`, also when a tier that was started
   * before ends meanwhile.
   */
  async start(tier: Tier): Promise<void> {
    if (this.isStopping) throw new TierError(`${tier.name} is not wanted any more`);
    if ('without' in tier) {
      this.#running.push(new KeptProcess(tier, this.printer));
      return;
    }
    const process = new ManagedProcess({
      command: [tier.script],
      environment: tier.environment,
      onLine: (line) => this.printer.print(tier.name, line),
    });
    this.#running.push(process);
    void process.exited.then((exit) => {
      if (!this.isStopping) this.#onDeath(new TierError(`${tier.name} ended (${describeExit(exit)})`));
    });
    await this.waitFor(tier.readyUrl, tier.name);
  }

  /** Polls until the address answers 200 and gives the answer's body. Throws `TierError`. */
  async waitFor(url: string, name: string): Promise<string> {
    const deadline = Date.now() + READY_WITHIN_MS;
    const interrupted = this.death.then((error): never => {
      throw error;
    });
    interrupted.catch(() => undefined); // heard below, or nobody waits any more
    let last = 'no answer';
    while (Date.now() < deadline && !this.isStopping) {
      const answer = await Promise.race([ask(url, this.#stopping.signal), interrupted]);
      if (answer.status === 200) return answer.text;
      last = answer.text;
      await Promise.race([sleep(POLL_INTERVAL_MS), interrupted]);
    }
    throw new TierError(`${name} did not become ready within ${READY_WITHIN_MS / 1000} s (${url}: ${last})`);
  }

  /** From the page inwards, so that no tier loses one that it still asks. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const tier of [...this.#running].reverse()) await tier.stop(STOP_GRACE_MS);
  }

  /** Ends everything at once. */
  kill(): void {
    this.#stopping.abort();
    for (const tier of this.#running) tier.kill();
  }
}

async function ask(url: string, stopping: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([stopping, AbortSignal.timeout(5000)]) });
    const text = await response.text();
    return { status: response.status, text: response.ok ? text : `${response.status} ${text.slice(0, 200)}` };
  } catch {
    return { status: 0, text: 'no answer' };
  }
}
