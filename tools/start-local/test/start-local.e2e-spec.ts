import { describeExit, distFile, Environment, findFreePort } from '@app/sagemaker-local';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const packageDir = mkdtempSync(join(tmpdir(), 'package-'));
for (const file of ['model.json', 'model.onnx']) writeFileSync(join(packageDir, file), '');
const stateDir = mkdtempSync(join(tmpdir(), 'state-'));

/** The starter as its own process, with what it wrote so far. */
class Starter {
  text = '';
  readonly exited: Promise<string>;
  readonly child: ChildProcess;

  constructor(argv: readonly string[], environment: Environment = {}) {
    const starter = distFile('tools/start-local/test/stand-in-starter.js');
    this.child = spawn(process.execPath, [starter, ...argv], {
      env: { ...process.env, ...environment },
      stdio: 'pipe',
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    }
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve(describeExit({ code, signal })));
    });
  }

  async find(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null) return found;
      await sleep(20);
    }
  }

  /** Process ids of the tiers, from their first log lines. */
  get tierPids(): number[] {
    return [...this.text.matchAll(/processId=(\d+)/g)].map(([, pid]) => Number(pid));
  }

  /** Process id of the tier's latest life. */
  pid(tier: string): number {
    const found = [...this.text.matchAll(new RegExp(`^${tier} .*processId=(\\d+)`, 'gm'))].at(-1);
    return Number(found?.[1]);
  }

  /** The tiers that wrote such a line, in that order. */
  tiersThat(message: string): (string | undefined)[] {
    return [...this.text.matchAll(new RegExp(`^(\\w+) +\\| [\\d:]+ info {2}${message}`, 'gm'))].map(([, tier]) => tier);
  }
}

let starter: Starter;

function start(argv: readonly string[] = [], environment?: Environment): Starter {
  starter = new Starter(['--model', packageDir, '--state', stateDir, ...argv], environment);
  return starter;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function expectNoTierLeft(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20); // ends by Jest's time limit if one lives on
  expect(pids.filter(isAlive)).toEqual([]);
}

afterEach(async () => {
  starter.child.kill('SIGKILL');
  await starter.exited;
});

describe('npm start', () => {
  it('starts the tiers in order of readiness and says in one line where the page is', async () => {
    const port = await findFreePort();
    await start(['--port', String(port)]).find(/Ready .*\n/);
    await starter.find(/^monitor .*listening/m); // nobody waits for it

    const waited = starter.tiersThat('listening').filter((tier) => tier !== 'monitor');
    expect(waited).toEqual(['endpoint', 'was', 'web']);
    expect(starter.text).toMatch(
      new RegExp(`Ready after [\\d.]+ s: http://localhost:${port} \\(model stand-in 1.0.0\\). Ctrl-C stops it.\n`),
    );
    expect(await fetch(`http://127.0.0.1:${port}/health`)).toMatchObject({ status: 200 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops everything in reverse order on %s and exits with 0',
    async (signal) => {
      await start().find(/Ready/);
      await starter.find(/^monitor .*listening/m);
      starter.child.kill(signal);
      await sleep(30);
      starter.child.kill(signal); // npm passes on what the terminal has sent as well

      expect(await starter.exited).toBe('exit code 0');
      expect(starter.tiersThat('stopping')).toEqual(['web', 'was', 'monitor', 'endpoint']);
      expect(starter.text).toMatch(/Stopping \(Ctrl-C again to stop at once\) \.\.\.[^]*\nStopped\.\n$/);
      await expectNoTierLeft(starter.tierPids);
    },
  );

  it('stops at once on a second Ctrl-C', async () => {
    await start([], { STAND_IN_IGNORES_SIGTERM: 'true' }).find(/Ready/);
    starter.child.kill('SIGINT');
    await sleep(700);
    starter.child.kill('SIGINT');

    expect(await starter.exited).toBe('exit code 0');
    await expectNoTierLeft(starter.tierPids);
  });

  it('leaves nothing behind when it is killed', async () => {
    await start().find(/Ready/);
    starter.child.kill('SIGKILL');

    await expectNoTierLeft(starter.tierPids);
  });

  it('can be stopped while it starts', async () => {
    await start().find(/was +\| .*listening/);
    starter.child.kill('SIGINT');

    expect(await starter.exited).toBe('exit code 0');
    expect(starter.tierPids.some(isAlive)).toBe(false);
    expect(starter.text).not.toContain('Stopping the rest');
  });

  it('says which tier died and why, stops the rest and exits with 1', async () => {
    await start().find(/Ready/);
    const [, wasUrl] = await starter.find(/web +\| .*nextUrl="?(http[^ "]+)/);
    await fetch(`${wasUrl}/die`, { method: 'POST' }).catch(() => undefined);

    expect(await starter.exited).toBe('exit code 1');
    expect(starter.text).toContain('was ended (exit code 7: the disk is full). Stopping the rest.\n');
    await expectNoTierLeft(starter.tierPids);
  });

  it('names a tier that was killed', async () => {
    await start().find(/Ready/);
    process.kill(starter.pid('web'), 'SIGKILL');

    expect(await starter.exited).toBe('exit code 1');
    expect(starter.text).toContain('web ended (signal SIGKILL). Stopping the rest.\n');
  });

  it('goes on without monitor when that dies, says so, and starts it again', async () => {
    await start().find(/Ready/);
    await starter.find(/^monitor .*listening/m);
    const killed = starter.pid('monitor');
    process.kill(killed, 'SIGKILL');

    await starter.find(
      /^monitor ended \(signal SIGKILL\)\. Photos are answered without it; .* It is started again in 1 s\.\n/m,
    );
    await starter.find(/^monitor .*listening[^]*^monitor .*listening/m);
    expect(starter.pid('monitor')).not.toBe(killed);
    process.kill(starter.pid('monitor'), 'SIGKILL');
    await starter.find(/It is started again in 2 s\.\n/);
    expect([starter.pid('was'), starter.pid('web')].every(isAlive)).toBe(true);

    starter.child.kill('SIGINT'); // while it waits to start it once more
    expect(await starter.exited).toBe('exit code 0');
    await expectNoTierLeft(starter.tierPids);
  });

  it('does not start a monitor again that refuses its settings', async () => {
    await start([], { STAND_IN_REFUSES: 'monitor' }).find(/Ready/);

    await starter.find(
      /^monitor ended \(exit code 78: The configuration is wrong\)\. Photos .* not started again before the next npm start\.\n/m,
    );
    expect([starter.pid('was'), starter.pid('web')].every(isAlive)).toBe(true);
  });

  it('has no monitor when told to', async () => {
    await start(['--no-monitor']).find(/Ready/);
    expect(starter.tierPids).toHaveLength(3);
  });

  it('tells how it is used', async () => {
    expect(await start(['--help']).exited).toBe('exit code 0');
    expect(starter.text).toContain('npm start -- [options]');
  });

  it('refuses what it does not understand', async () => {
    expect(await start(['--prot', '9000']).exited).toBe('exit code 64');
    expect(starter.text).toBe("Unknown option '--prot'. See npm start -- --help.\n");
  });

  it('refuses a port that is in use', async () => {
    const neighbour = createServer().listen(0, '127.0.0.1');
    await once(neighbour, 'listening');
    const address = neighbour.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    expect(await start(['--port', String(port)]).exited).toBe('exit code 1');
    neighbour.close();
    expect(starter.text).toBe(`Port ${port} is in use. Stop what uses it, or choose another one with --port.\n`);
  });

  it('takes other ports than the usual ones when they are in use, and says so', async () => {
    const neighbour = createServer().listen(8000, '127.0.0.1');
    neighbour.on('error', () => undefined); // somebody else has it already, which is as good
    await start().find(/Ready/);
    neighbour.close();

    const [, port] = await starter.find(/Ports: 8000 is in use, web takes (\d+)/);
    expect(starter.text).toContain(`http://localhost:${port} `);
  });

  it('starts nothing when the model is not there', async () => {
    expect(await start(['--model', '/nowhere']).exited).toBe('exit code 1');
    expect(starter.text).toBe(
      'The model cannot be served: there is no folder /nowhere. ' +
        'A model package is a folder with model.json and model.onnx; name it with --model.\n',
    );
  });
});
