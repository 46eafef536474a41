/**
 * Preloaded (`node --require`) into the process that serves the model for an evaluation, so that it does not outlive the job: the
 * parent holds the other end of stdin, and the kernel closes it however the parent ends, `kill -9` included (docs/adr/0006). It
 * agrees with the file of this name in libs/sagemaker-local, which no container may hold.
 */
import { isMainThread } from 'node:worker_threads';

// Not SIGTERM: when the parent is gone, so is the reader of stdout, and nobody waits for what is served.
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

// Worker threads inherit `--require`; their stdin is not the process's.
if (isMainThread) process.stdin.on('end', end).on('error', end).resume();
