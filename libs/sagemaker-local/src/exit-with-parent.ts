/**
 * Preloaded (`node --require`) into every process that `ManagedProcess` starts, so that none outlives its parent: the
 * parent holds the other end of stdin, and the kernel closes it however the parent ends, `kill -9` included (docs/adr/0006).
 * The application knows nothing of it. An evaluation has such a file too, for a container may not hold this one.
 */
import { isMainThread } from 'node:worker_threads';

// Not SIGTERM: a parent that is well stops its children itself. When it is gone, so is the reader of stdout, and a
// program that wants to log its end may wait for that reader for ever (sonic-boom's flushSync repeats after EPIPE).
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

// Worker threads inherit `--require`; their stdin is not the process's.
if (isMainThread) {
  process.stdin.on('end', end).on('error', end).resume();
  // Watching must not keep a process alive that has nothing else to do. Pipes have unref(), files do not.
  if ('unref' in process.stdin) process.stdin.unref();
}
