import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isRunning, ownIdentity } from './process-identity';

describe('the identity of a process', () => {
  it('is that of a running process while it runs', async () => {
    expect(await isRunning(await ownIdentity())).toBe(true);
  });

  it('is not that of another process with the same id', async () => {
    const own = await ownIdentity();

    expect(await isRunning({ ...own, started: 'earlier' })).toBe(process.platform === 'win32');
    expect(await isRunning({ ...own, pid: process.ppid })).toBe(process.platform === 'win32');
  });

  it('is nobody’s when the process is gone', async () => {
    const child = spawn(process.execPath, ['--eval', '']);
    await once(child, 'exit');

    expect(await isRunning({ pid: child.pid ?? 0, started: '' })).toBe(false);
  });
});
