// The program of the bare loop: see bare-process.ts.
import { availableCpus, createSessionPool } from '@app/onnx';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { resolve } from 'node:path';
import { serveOrders, tell } from '../helper-process';
import { BareMode, BareOrder } from './bare-process';
import { modelOf, openSession, tensorOf } from './bare-session';
import { DONE_CELL, STOP_CELL } from './cells';

/** Does images one after the other, `loops` at a time, as long as it is told. */
interface Engine {
  readonly first: (image: Buffer) => Promise<void>;
  /** Starts working on the files; gives how to read the count and how to stop. */
  readonly start: (files: readonly string[]) => { readonly count: () => number; readonly stop: () => Promise<void> };
}

async function openEngine(mode: BareMode, folder: string): Promise<Engine> {
  const cpus = availableCpus();
  if (mode === 'threads') return threadsEngine(folder, cpus);
  const model = modelOf(folder);
  if (mode === 'single') {
    const session = await openSession(folder);
    return loopEngine(1, async (image) => await session.classify(image));
  }
  const pool = await createSessionPool({ modelPath: model.path, workers: cpus, maxQueue: 2 * cpus });
  // Two images for each worker: while one is run the next is decoded.
  return loopEngine(2 * cpus, async (image) => {
    await pool.run({ feeds: { [model.input]: await tensorOf(image, model) }, outputs: [model.output] });
  });
}

function loopEngine(loops: number, classify: (image: Buffer) => Promise<void>): Engine {
  return {
    first: classify,
    start(files) {
      const images = files.map((file) => readFileSync(file));
      let count = 0;
      let stopped = false;
      const loop = async (): Promise<void> => {
        for (; !stopped; count++) await classify(images[count % images.length] ?? Buffer.alloc(0));
      };
      const running = Array.from({ length: loops }, loop);
      const stop = async () => {
        stopped = true;
        await Promise.all(running);
      };
      return { count: () => count, stop };
    },
  };
}

function threadsEngine(folder: string, cpus: number): Engine {
  const workers = Array.from(
    { length: cpus },
    () => new Worker(resolve(__dirname, 'bare-thread.js'), { argv: [folder] }),
  );
  const answerOf = (worker: Worker) => new Promise<void>((resolve) => worker.once('message', () => resolve()));
  return {
    async first(image) {
      const [worker] = workers;
      if (worker === undefined) throw new Error('no CPU');
      worker.postMessage({ image });
      await answerOf(worker);
    },
    start(files) {
      const cells = new Int32Array(new SharedArrayBuffer(8));
      const stopped = workers.map(answerOf);
      for (const worker of workers) worker.postMessage({ files, cells });
      const stop = async () => {
        Atomics.store(cells, STOP_CELL, 1);
        await Promise.all(stopped);
      };
      return { count: () => Atomics.load(cells, DONE_CELL), stop };
    },
  };
}

async function main(): Promise<void> {
  const [mode, folder = '', firstImage = ''] = process.argv.slice(2);
  const startedAt = performance.now();
  const engine = await openEngine(mode as BareMode, folder); // from BareProcess
  await engine.first(readFileSync(firstImage));
  tell({ kind: 'ready', createAndFirstRunMs: performance.now() - startedAt });

  serveOrders(async ({ files, warmUpMs, windowMs }: BareOrder) => {
    const work = engine.start(files);
    await sleep(warmUpMs);
    tell({ kind: 'begin' });
    const beganAt = performance.now();
    const before = work.count();
    await sleep(windowMs);
    tell({ kind: 'end', images: work.count() - before, windowMs: performance.now() - beganAt });
    await work.stop();
  });
}

void main();
