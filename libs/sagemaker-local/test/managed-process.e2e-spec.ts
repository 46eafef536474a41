import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../../test/support/conditions';
import { describeExit, ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';

const folder = mkdtempSync(join(tmpdir(), 'managed-process-'));

function script(name: string, code: string): string {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, code);
  return file;
}

function start(name: string, code: string): { child: ManagedProcess; line: (pattern: RegExp) => Promise<string> } {
  const lines: string[] = [];
  const child = new ManagedProcess({
    command: [script(name, code)],
    environment: process.env,
    onLine: (line) => lines.push(line),
  });
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = lines.find((text) => pattern.test(text));
      if (found !== undefined) return found;
      await sleep(20);
    }
  };
  return { child, line };
}

const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up ' + process.pid);`;

describe('a managed process', () => {
  it('tells how it ended and its last error', async () => {
    const { child } = start('fails', `console.error('it cannot work'); process.exitCode = 3;`);

    expect(describeExit(await child.exited)).toBe('exit code 3: it cannot work');
    expect(child.isRunning).toBe(false);
  });

  it('is stopped by SIGTERM', async () => {
    const { child, line } = start('polite', `setInterval(() => {}, 1000); console.log('up');`);
    await line(/up/);

    expect(describeExit(await child.stop(10_000))).toBe('signal SIGTERM');
  });

  it('was not ended by what it complained of earlier, when a signal ended it', async () => {
    const { child, line } = start('complains', `console.error('not so well'); setInterval(() => {}, 1000);`);
    await line(/not so well/);
    child.kill();

    expect(describeExit(await child.exited)).toBe('signal SIGKILL');
  });

  it('is killed when it does not heed SIGTERM', async () => {
    const { child, line } = start('stubborn', stubborn);
    await line(/up/);

    expect(describeExit(await child.stop(100))).toBe('signal SIGKILL');
  });

  it('does not outlive a parent that is killed, with its own children', async () => {
    const child = script('child', stubborn);
    const { child: parent, line } = start(
      'parent',
      `const { ManagedProcess } = require(${JSON.stringify(distFile('libs/sagemaker-local/src/managed-process.js'))});
       new ManagedProcess({ command: [${JSON.stringify(child)}], environment: process.env, onLine: (line) => console.log(line) });`,
    );
    const childPid = Number((await line(/^up \d+/)).slice(3));
    expect(isAlive(childPid)).toBe(true);
    parent.kill();
    await parent.exited;

    while (isAlive(childPid)) await sleep(20); // ends by Jest's time limit if it lives on
    expect(isAlive(childPid)).toBe(false);
  });

  it('is not kept alive by being watched, and may use worker threads', async () => {
    const { child } = start(
      'worker',
      `const { Worker } = require('node:worker_threads');
       new Worker('setTimeout(() => {}, 200)', { eval: true }).on('exit', (code) => console.error('worker ' + code));`,
    );

    expect(describeExit(await child.exited)).toBe('exit code 0: worker 0');
  });
});
