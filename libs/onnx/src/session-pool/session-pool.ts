import { setTimeout as delay } from 'node:timers/promises';
import { ModelLoadError, PoolUnavailableError, QueueFullError } from './session-pool.error';
import { RunAnswer, SessionThread } from './session-thread';
import { SESSION_WORKER_FILE } from './session-worker-file';
import { optOutOfTelemetry } from './telemetry-opt-out';
import { GraphRun, GraphValue } from './tensors';

export interface SessionPoolOptions {
  readonly modelPath: string;
  /** Threads, each with a session of its own (about 60 MB and the weights). */
  readonly workers: number;
  /** Runs that may wait when all workers are busy. */
  readonly maxQueue: number;
  /** Told about each worker that dies, for the log; it has been or will be replaced unless the pool gave up. */
  readonly onWorkerLost?: (error: Error) => void;
}

export interface RunRequest extends GraphRun {
  /** Aborted when nobody waits any more, or not that long; a run that has not begun is dropped. One that has begun goes on. */
  readonly signal?: AbortSignal;
}

export interface RunResult extends RunAnswer {
  /** Time spent waiting for a worker, in milliseconds. */
  readonly queueMs: number;
}

/** What tests replace; everyone else has no reason to. */
export interface SessionPoolInternals {
  readonly workerFile: string;
  readonly firstRestartDelayMs: number;
}

interface Job {
  readonly request: RunRequest;
  readonly queuedAt: number;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Failed starts in a row, with doubling pauses between them, after which a worker is not started again. */
const MAX_FAILED_STARTS = 6;
const DEFAULT_INTERNALS: SessionPoolInternals = { workerFile: SESSION_WORKER_FILE, firstRestartDelayMs: 200 };

/** Starts the workers and resolves when every one has loaded the model; throws `ModelLoadError` when one cannot. */
export async function createSessionPool(
  options: SessionPoolOptions,
  internals: SessionPoolInternals = DEFAULT_INTERNALS,
): Promise<SessionPool> {
  optOutOfTelemetry();
  const starts = await Promise.allSettled(
    Array.from({ length: options.workers }, () => SessionThread.start(internals.workerFile, options.modelPath)),
  );
  const threads = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failure = starts.find((start) => start.status === 'rejected');
  const [first] = threads;
  if (failure !== undefined || first === undefined) {
    await Promise.all(threads.map((thread) => thread.stop()));
    throw failure?.reason ?? new ModelLoadError('a pool needs at least one worker');
  }
  return new SessionPool(options, internals, threads, first.inputs, first.outputs);
}

/**
 * Runs one ONNX graph in worker threads: first come, first served, one run per worker at a time.
 * A dead worker costs the run in its hands and is replaced; what waits is not touched.
 */
export class SessionPool {
  private readonly threads = new Set<SessionThread>();
  private readonly idle: SessionThread[] = [];
  private readonly queue: Job[] = [];
  private readonly pending = new Set<Promise<unknown>>();
  private readonly stopping = new AbortController();
  /** Resolves when no place of the pool is filled any more. */
  private readonly emptied: Promise<void>;
  private unavailable: string | undefined;

  /** Use `createSessionPool`. */
  constructor(
    private readonly options: SessionPoolOptions,
    private readonly internals: SessionPoolInternals,
    threads: readonly SessionThread[],
    /** The graph's inputs and outputs as ONNX Runtime reports them. */
    readonly inputs: readonly GraphValue[],
    readonly outputs: readonly GraphValue[],
  ) {
    this.emptied = Promise.all(threads.map((thread) => this.supervise(thread))).then(() => this.giveUp());
  }

  /** False once the pool is closed or has given up on all its workers. */
  get available(): boolean {
    return this.unavailable === undefined;
  }

  /** Runs that wait for a worker. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Throws `QueueFullError`, `RunFailedError`, `WorkerLostError`, `PoolUnavailableError`, or the signal's reason. */
  run(request: RunRequest): Promise<RunResult> {
    if (this.unavailable !== undefined) return Promise.reject(new PoolUnavailableError(this.unavailable));
    if (this.idle.length === 0 && this.queue.length >= this.options.maxQueue) {
      return Promise.reject(new QueueFullError(`${this.queue.length} runs wait already`));
    }
    let onAbort: () => void = () => undefined;
    const result = new Promise<RunResult>((resolve, reject) => {
      const job = { request, queuedAt: performance.now(), resolve, reject };
      this.queue.push(job);
      onAbort = () => this.drop(job);
      if (request.signal?.aborted === true) this.drop(job);
      else request.signal?.addEventListener('abort', onAbort, { once: true });
    });
    this.pending.add(result);
    const forget = () => {
      this.pending.delete(result);
      request.signal?.removeEventListener('abort', onAbort); // one signal may serve many runs
    };
    result.then(forget, forget);
    this.dispatch();
    return result;
  }

  /** Takes no more work, finishes what was taken, then ends the workers. */
  async close(): Promise<void> {
    this.unavailable ??= 'the pool is closed';
    await Promise.allSettled(this.pending);
    this.stopping.abort();
    await Promise.all([...this.threads].map((thread) => thread.stop()));
    await this.emptied;
  }

  private dispatch(): void {
    while (this.idle.length > 0) {
      const job = this.queue.shift();
      if (job === undefined) return;
      const thread = this.idle.shift();
      if (thread !== undefined) void this.execute(thread, job);
    }
  }

  /** Rejects a run that still waits; one that has begun is not in the queue any more. */
  private drop(job: Job): void {
    const position = this.queue.indexOf(job);
    if (position < 0) return;
    this.queue.splice(position, 1);
    job.reject(job.request.signal?.reason);
  }

  private async execute(thread: SessionThread, job: Job): Promise<void> {
    const queueMs = performance.now() - job.queuedAt;
    try {
      job.resolve({ ...(await thread.run(job.request)), queueMs });
    } catch (error) {
      job.reject(error);
    }
    if (thread.alive) this.offer(thread);
  }

  private offer(thread: SessionThread): void {
    this.idle.push(thread);
    this.dispatch();
  }

  /** Keeps one place of the pool filled for as long as that is possible. */
  private async supervise(first: SessionThread): Promise<void> {
    for (let thread: SessionThread | undefined = first; thread !== undefined; thread = await this.replace(thread)) {
      this.threads.add(thread);
      this.offer(thread);
      const error = await thread.ended;
      this.forget(thread);
      if (!this.stopping.signal.aborted) this.options.onWorkerLost?.(error);
    }
  }

  /**
   * A thread that died before it finished anything is replaced after a pause, so that a pool of such threads does not spin.
   * Undefined when the pool closes, or after too many failed starts.
   */
  private async replace(lost: SessionThread): Promise<SessionThread | undefined> {
    let pauseMs = lost.proven ? 0 : this.internals.firstRestartDelayMs;
    for (let attempt = 1; attempt <= MAX_FAILED_STARTS; attempt += 1) {
      try {
        await delay(pauseMs, undefined, { signal: this.stopping.signal });
        const thread = await SessionThread.start(this.internals.workerFile, this.options.modelPath);
        if (!this.stopping.signal.aborted) return thread;
        await thread.stop();
      } catch (error) {
        if (!(error instanceof ModelLoadError)) return undefined; // the pause was cut short: the pool closes
        this.options.onWorkerLost?.(error);
        pauseMs = this.internals.firstRestartDelayMs * 2 ** (attempt - 1);
      }
    }
    return undefined;
  }

  private forget(thread: SessionThread): void {
    this.threads.delete(thread);
    const position = this.idle.indexOf(thread);
    if (position >= 0) this.idle.splice(position, 1);
  }

  private giveUp(): void {
    this.unavailable ??= 'its workers died and could not be started again';
    for (const job of this.queue.splice(0)) job.reject(new PoolUnavailableError(this.unavailable));
  }
}
