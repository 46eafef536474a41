/**
 * Preloaded (`node --require`) into the process that serves the model for an evaluation, so that it cannot outlive the job: the
 * job holds the other end of stdin, and the kernel closes it however the job ends (docs/adr/0006).
 */
import { isMainThread } from 'node:worker_threads';

/** Not SIGTERM: nobody waits for what is served, and the reader of the log is gone. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

// Worker threads inherit `--require`; their stdin is not the process's.
if (isMainThread) process.stdin.on('end', end).on('error', end).resume();
