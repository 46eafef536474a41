import { setTimeout as sleep } from 'node:timers/promises';

const ASK_INTERVAL_MS = 20;

/** Waits until a condition holds. Without an end of its own: Jest's time limit ends a test whose condition never holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(ASK_INTERVAL_MS);
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
