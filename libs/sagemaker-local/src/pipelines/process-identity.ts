/** Which process owns a record, so that others can tell whether it still runs. A process id alone is given again after a while. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode } from '../state';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in words that mean something on this machine only; empty where the system does not tell. */
  readonly started: string;
}

let own: Promise<ProcessIdentity> | undefined;

export function ownIdentity(): Promise<ProcessIdentity> {
  return (own ??= startOf(process.pid).then((started) => ({ pid: process.pid, started: started ?? '' })));
}

export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  if (pid === process.pid && started === (await ownIdentity()).started) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false; // EPERM: it is there and belongs to somebody else
  }
  return (await startOf(pid)) === started;
}

/** Undefined when there is no such process, or nothing of it but its exit status. */
async function startOf(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case 'linux':
      return startFromProc(pid);
    case 'win32':
      return '';
    default:
      return startFromPs(pid);
  }
}

async function startFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc(5): after the name in parentheses come the state, and 19 fields later the start in ticks since the boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${boot.trim()}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [, state = '', started] = /^(\S+)\s+(.+)$/.exec(stdout.trim()) ?? [];
    return state.startsWith('Z') ? undefined : started;
  } catch {
    return undefined;
  }
}
