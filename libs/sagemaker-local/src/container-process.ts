/** One life of a model container: its process, its port, and the connections to it. Knows the container contract only. */
import { MAX_INVOCATION_BYTES } from '@app/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { findFreePort } from './free-port';
import { describeExit, Environment, ManagedProcess, OutputStream, ProcessExit } from './managed-process';

/**
 * What SageMaker fixes by the shape of its containers (port 8080, package at /opt/ml/model) a process is told by
 * variables: the port by the one that SageMaker's inference toolkits read, the rest by those of apps/model.
 */
function placeOf(packageDir: string, port: number): Environment {
  return { SAGEMAKER_BIND_TO_PORT: String(port), MODEL_HOST: '127.0.0.1', MODEL_DIR: packageDir };
}

/** SageMaker's limit on an answer to /ping. */
const PING_TIMEOUT_MS = 2000;
const PING_INTERVAL_MS = 100;
/** SageMaker sends SIGKILL this long after SIGTERM. */
const STOP_GRACE_MS = 30_000;

/** sysexits.h, EX_CONFIG: the container refuses what it was given, and would again. */
export const EXIT_CODE_REFUSED = 78;

export interface ContainerOptions {
  /** Program and arguments of the container, run by this Node. */
  readonly command: readonly [script: string, ...parameters: string[]];
  readonly packageDir: string;
  readonly environment: Environment;
  /** Between the start and the first good ping: SageMaker's ContainerStartupHealthCheckTimeoutInSeconds. */
  readonly startupTimeoutMs: number;
  /** For the answer to an invocation. */
  readonly invocationTimeoutMs: number;
  readonly onLine: (line: string, stream: OutputStream) => void;
}

export interface ContainerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** A container did not come up. The message is the container's own sentence where it gave one. */
export class ContainerStartError extends Error {
  constructor(
    message: string,
    /** Whether another attempt with the same package would end the same way. */
    readonly isRefusal: boolean,
  ) {
    super(message);
    this.name = 'ContainerStartError';
  }
}

export class ContainerProcess {
  readonly #process: ManagedProcess;
  readonly #pool: Pool;
  #running = 0;
  #onIdle: (() => void) | undefined;

  private constructor(
    readonly packageDir: string,
    readonly port: number,
    options: ContainerOptions,
  ) {
    this.#process = new ManagedProcess({
      command: options.command,
      environment: { ...options.environment, ...placeOf(packageDir, port) },
      onLine: options.onLine,
    });
    this.#pool = new Pool(`http://127.0.0.1:${port}`, {
      headersTimeout: options.invocationTimeoutMs,
      bodyTimeout: options.invocationTimeoutMs,
      maxResponseSize: MAX_INVOCATION_BYTES,
    });
    void this.exited.then(() => this.#pool.destroy());
  }

  /**
   * Starts a container and waits until it answers /ping with 200. Throws `ContainerStartError` when it does not come up
   * or `cancelled` aborts; then nothing is left running.
   */
  static async start(options: ContainerOptions, cancelled?: AbortSignal): Promise<ContainerProcess> {
    const container = new ContainerProcess(options.packageDir, await findFreePort(), options);
    const failure = await container.#waitUntilReady(options.startupTimeoutMs, cancelled);
    if (failure === undefined) return container;
    container.kill();
    await container.exited;
    throw failure;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get exited(): Promise<ProcessExit> {
    return this.#process.exited;
  }

  /** Passes errors of undici and of the socket on: what they mean is the caller's to say. */
  async invoke(headers: Record<string, string>, body: Uint8Array): Promise<ContainerAnswer> {
    this.#running += 1;
    try {
      const answer = await this.#pool.request({ method: 'POST', path: '/invocations', headers, body });
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.bytes() };
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  /** Waits for running invocations, which end by their own time limit, then SIGTERM, then SIGKILL after 30 s. */
  async drainAndStop(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.#process.stop(STOP_GRACE_MS);
  }

  kill(): void {
    this.#process.kill();
  }

  async #waitUntilReady(timeoutMs: number, cancelled?: AbortSignal): Promise<ContainerStartError | undefined> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (cancelled?.aborted) return new ContainerStartError('The start was cancelled.', false);
      if (!this.#process.isRunning) return endedBeforeReady(await this.exited);
      if (await this.#ping()) return undefined;
      await Promise.race([sleep(PING_INTERVAL_MS), this.exited]);
    }
    return new ContainerStartError(`The container did not answer /ping with 200 within ${timeoutMs / 1000} s.`, false);
  }

  async #ping(): Promise<boolean> {
    try {
      const { statusCode, body } = await this.#pool.request({
        method: 'GET',
        path: '/ping',
        signal: AbortSignal.timeout(PING_TIMEOUT_MS),
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false; // not listening yet, or too slow
    }
  }
}

function endedBeforeReady(exit: ProcessExit): ContainerStartError {
  const isRefusal = exit.code === EXIT_CODE_REFUSED;
  return isRefusal && exit.lastError !== undefined
    ? new ContainerStartError(exit.lastError, isRefusal)
    : new ContainerStartError(`The container ended before it was ready (${describeExit(exit)}).`, isRefusal);
}
