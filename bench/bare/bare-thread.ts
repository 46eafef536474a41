// A worker thread of the bare loop in mode `threads`: a session, and images one after the other.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { DONE_CELL, STOP_CELL } from './cells';
import { openSession } from './bare-session';

type Message =
  { readonly image: Uint8Array } | { readonly files: readonly string[]; readonly cells: Int32Array<SharedArrayBuffer> };

if (parentPort === null) throw new Error('bare-thread is started as a worker thread');
const port = parentPort;
const session = openSession(process.argv[2] ?? '');

async function work(message: Message): Promise<void> {
  const { classify } = await session;
  if ('image' in message) {
    await classify(Buffer.from(message.image));
  } else {
    const { files, cells } = message;
    const images = files.map((file) => readFileSync(file));
    while (Atomics.load(cells, STOP_CELL) === 0) {
      const turn = Atomics.add(cells, DONE_CELL, 1);
      await classify(images[turn % images.length] ?? Buffer.alloc(0));
    }
  }
  port.postMessage('done');
}

port.on('message', (message: Message) => void work(message));
