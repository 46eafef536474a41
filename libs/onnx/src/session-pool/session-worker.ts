// The program of a worker thread: one ONNX Runtime session, one run at a time. `session.run` blocks its thread for as long
// as it computes, which is why it must not be the thread that talks HTTP.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { parentPort, workerData } from 'node:worker_threads';
import { GraphRun, GraphValue, InputTensor, OutputTensor, WorkerMessage } from './tensors';

if (parentPort === null) throw new Error('session-worker is started as a worker thread');
const pool = parentPort;
const { modelPath } = workerData as { modelPath: string }; // given by SessionThread

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  pool.postMessage(message, transfer);
}

async function main(): Promise<void> {
  let session: InferenceSession;
  try {
    // One thread per session: several spin against each other on shared cores and halve the speed.
    session = await InferenceSession.create(modelPath, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3, // errors; its warnings are advice to whoever exported the graph
    });
  } catch (error) {
    post({ kind: 'load-failed', message: messageOf(error) });
    return;
  }
  pool.on('message', (run: GraphRun) => void answer(session, run));
  post({ kind: 'ready', inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) });
}

async function answer(session: InferenceSession, { feeds, outputs }: GraphRun): Promise<void> {
  try {
    const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]));
    const startedAt = performance.now();
    const results = await session.run(tensors, outputs);
    const runMs = performance.now() - startedAt;
    const read = Object.fromEntries(outputs.map((name) => [name, read32(name, results[name])]));
    post(
      { kind: 'done', outputs: read, runMs },
      Object.values(read).map(({ data }) => data.buffer),
    );
  } catch (error) {
    post({ kind: 'run-failed', message: messageOf(error) });
  }
}

function tensorOf({ type, dims, data }: InputTensor): Tensor {
  return type === 'uint8' ? new Tensor(type, data, dims) : new Tensor(type, data, dims);
}

function read32(name: string, tensor: Tensor | undefined): OutputTensor & { readonly data: Float32Array<ArrayBuffer> } {
  if (tensor?.type !== 'float32') throw new TypeError(`output ${name} is ${tensor?.type ?? 'absent'}, not float32`);
  // ONNX Runtime types the data of every tensor alike; `type` has just been checked, and it allocates plain buffers.
  return { dims: tensor.dims, data: tensor.data as Float32Array<ArrayBuffer> };
}

function describe(values: readonly InferenceSession.ValueMetadata[]): GraphValue[] {
  return values.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, dims: value.shape }
      : { name: value.name, type: 'no tensor', dims: [] },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main();
