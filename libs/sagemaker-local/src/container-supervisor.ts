/** Keeps a container alive for one package: SageMaker starts a container again that ends, and so does this. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerOptions, ContainerProcess, ContainerStartError } from './container-process';
import { EndpointLog } from './endpoint-log';
import { describeExit } from './managed-process';

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** A container that lived this long starts the backoff anew. */
const STABLE_AFTER_MS = 60_000;

export class ContainerSupervisor {
  #container: ContainerProcess | undefined;
  #restarts = 0;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;

  private constructor(
    private readonly options: ContainerOptions,
    private readonly log: EndpointLog,
    private readonly onRefused: (reason: string) => void,
    first: ContainerProcess,
  ) {
    this.#container = first;
    this.#watching = this.#watch(first);
  }

  /**
   * Resolves when the container answers; throws `ContainerStartError` when it does not come up or `cancelled` aborts.
   * `onRefused` is told when a later start is refused (exit code 78): then there is no container any more.
   */
  static async start(
    options: ContainerOptions,
    log: EndpointLog,
    onRefused: (reason: string) => void,
    cancelled?: AbortSignal,
  ): Promise<ContainerSupervisor> {
    return new ContainerSupervisor(options, log, onRefused, await ContainerProcess.start(options, cancelled));
  }

  get packageDir(): string {
    return this.options.packageDir;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** The container that takes requests; absent between two lives. */
  get container(): ContainerProcess | undefined {
    return this.#container;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#container?.drainAndStop();
    await this.#watching;
  }

  async #watch(first: ContainerProcess): Promise<void> {
    let container = first;
    let backoffMs = FIRST_BACKOFF_MS;
    for (;;) {
      const started = Date.now();
      const exit = await container.exited;
      this.#container = undefined;
      if (this.#stopping.signal.aborted) return;
      this.log.error({ pid: container.pid }, `the model process ended (${describeExit(exit)}); starting it again`);
      if (Date.now() - started > STABLE_AFTER_MS) backoffMs = FIRST_BACKOFF_MS;

      const next = await this.#startAgain(backoffMs);
      if (next === undefined) return;
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      container = next;
    }
  }

  /** Tries until a container is up; gives nothing when it is not wanted any more or is refused. */
  async #startAgain(firstBackoffMs: number): Promise<ContainerProcess | undefined> {
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)) {
      await sleep(backoffMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return undefined;
      try {
        this.#restarts += 1;
        const container = await ContainerProcess.start(this.options, this.#stopping.signal);
        this.#container = container;
        this.log.info({ pid: container.pid, restarts: this.#restarts }, 'the model process answers again');
        return container;
      } catch (error) {
        if (!(error instanceof ContainerStartError)) throw error;
        if (error.isRefusal) {
          this.onRefused(error.message);
          return undefined;
        }
        this.log.error({}, `${error.message} Trying again.`);
      }
    }
  }
}
