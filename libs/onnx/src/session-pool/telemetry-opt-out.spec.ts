import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Loads the model in a process that has nothing but a home. ONNX Runtime is silent by itself where CI or a test says what it is. */
function load(home: string, program: string): string[] {
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], {
    env: { HOME: home, PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return readdirSync(home, { recursive: true }).map(String);
}

const MODEL = JSON.stringify(resolve('models/everyday-objects/model.onnx'));

describe('ONNX Runtime', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'home-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('keeps no id to tell others with, when it is loaded by a pool', () => {
    const pool = JSON.stringify(resolve(__dirname, 'session-pool.js'));
    const program = `require(${pool}).createSessionPool({ modelPath: ${MODEL}, workers: 1, maxQueue: 1 }).then((pool) => pool.close());`;

    expect(load(home, program)).toEqual([]);
  });
});
