import { Worker } from 'node:worker_threads';
import { ModelLoadError, RunFailedError, WorkerLostError } from './session-pool.error';
import { GraphRun, GraphValue, OutputTensor, WorkerMessage } from './tensors';

export interface RunAnswer {
  readonly outputs: Readonly<Record<string, OutputTensor>>;
  /** Time in ONNX Runtime, in milliseconds. */
  readonly runMs: number;
}

/** One worker thread with its session, seen from outside. It knows no queue and does not come back when it dies. */
export class SessionThread {
  /** Whether it can still be given work. */
  alive = true;
  /** Whether it ever finished a run. */
  proven = false;
  /** Resolves when the thread is gone, whatever the reason. */
  readonly ended: Promise<WorkerLostError>;
  private current: { resolve: (answer: RunAnswer) => void; reject: (error: Error) => void } | undefined;

  private constructor(
    private readonly worker: Worker,
    readonly inputs: readonly GraphValue[],
    readonly outputs: readonly GraphValue[],
  ) {
    worker.on('message', (message: WorkerMessage) => this.onMessage(message));
    this.ended = endOf(worker).then((error) => {
      this.alive = false;
      this.take()?.reject(error);
      return error;
    });
  }

  /** Starts a thread and loads the model; throws `ModelLoadError` when either fails. */
  static async start(workerFile: string, modelPath: string): Promise<SessionThread> {
    const worker = new Worker(workerFile, { workerData: { modelPath } });
    const lost = endOf(worker).then((error): WorkerMessage => ({ kind: 'load-failed', message: error.message }));
    const first = await Promise.race([lost, new Promise<WorkerMessage>((resolve) => worker.once('message', resolve))]);
    if (first.kind === 'ready') return new SessionThread(worker, first.inputs, first.outputs);
    await worker.terminate();
    throw new ModelLoadError(first.kind === 'load-failed' ? first.message : 'the worker did not load the model');
  }

  /** At most one run at a time. Throws `RunFailedError` or `WorkerLostError`. */
  run({ feeds, outputs }: GraphRun): Promise<RunAnswer> {
    const owned = Object.fromEntries(
      Object.entries(feeds).map(([name, feed]) => [name, { ...feed, data: owning(feed.data) }]),
    );
    return new Promise((resolve, reject) => {
      this.current = { resolve, reject };
      this.worker.postMessage(
        { feeds: owned, outputs },
        Object.values(owned).map(({ data }) => data.buffer),
      );
    });
  }

  /** Only while nothing runs: ONNX Runtime's binding ends the whole process when its thread is stopped in the middle of a run. */
  async stop(): Promise<void> {
    this.alive = false;
    await this.worker.terminate();
  }

  private onMessage(message: WorkerMessage): void {
    if (message.kind === 'done') {
      this.proven = true;
      this.take()?.resolve(message);
    } else if (message.kind === 'run-failed') {
      this.take()?.reject(new RunFailedError(message.message));
    }
  }

  private take() {
    const current = this.current;
    this.current = undefined;
    return current;
  }
}

/** An uncaught error is told before the exit; `process.exit()` in the thread only gives the exit. */
function endOf(worker: Worker): Promise<WorkerLostError> {
  return new Promise((resolve) => {
    let cause: unknown;
    worker.once('error', (error) => (cause = error));
    worker.once('exit', (code) =>
      resolve(
        new WorkerLostError(
          cause instanceof Error ? `the worker died: ${cause.message}` : `the worker exited with ${code}`,
          {
            cause,
          },
        ),
      ),
    );
  });
}

/** Only an array that has its buffer for itself can be moved. Buffers are copied: Node pools them, native code lends them. */
function owning(data: Uint8Array | Float32Array): Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  const { buffer } = data;
  const isOwner = buffer instanceof ArrayBuffer && buffer.byteLength === data.byteLength && !Buffer.isBuffer(data);
  if (!isOwner) return data instanceof Float32Array ? new Float32Array(data) : new Uint8Array(data);
  return data as Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>; // `isOwner` says that it is an ArrayBuffer
}
