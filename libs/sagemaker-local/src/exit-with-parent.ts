/**
 * Preloaded (`node --require`) into every process that `ManagedProcess` starts, so that none outlives its parent: the
 * parent holds the other end of stdin, and the kernel closes it however the parent ends, `kill -9` included. The
 * application knows nothing of it; it sees an ordinary SIGTERM.
 */
import { isMainThread } from 'node:worker_threads';

/** Longer than any of our processes takes to finish what runs. */
const GRACE_MS = 30_000;

// Worker threads inherit `--require`; their stdin is not the process's.
if (isMainThread) {
  let orphaned = false;
  const leave = (): void => {
    if (orphaned) return;
    orphaned = true;
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  };
  process.stdin.on('end', leave).on('error', leave).resume();
  // Watching must not keep a process alive that has nothing else to do. Pipes have unref(), files do not.
  if ('unref' in process.stdin) process.stdin.unref();
}
