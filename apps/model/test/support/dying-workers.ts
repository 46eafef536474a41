// Loaded into a model process with --require, which loads it into the worker threads too: after SIGUSR2 a worker dies of its
// next run, as it would of a bug. (It must not be stopped from outside while ONNX Runtime computes: that ends the process.)
import { BroadcastChannel, isMainThread, parentPort } from 'node:worker_threads';

const channel = new BroadcastChannel('kill-worker');
channel.unref();

if (isMainThread) {
  process.on('SIGUSR2', () => channel.postMessage('die'));
} else {
  let dying = false;
  channel.onmessage = () => (dying = true);
  // Before the worker's own listener, which is added when its program runs.
  parentPort?.on('message', () => {
    if (dying) process.exit(9);
  });
}
