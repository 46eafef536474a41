import { distFile } from '@app/sagemaker-local';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { COLOURS, writeColourClassifier } from '../../libs/onnx/src/testing';
import { photo } from './images';
import { startSystem } from './system';

let modelFolder: string;

beforeAll(async () => {
  modelFolder = mkdtempSync(join(tmpdir(), 'colours-'));
  await writeColourClassifier(join(modelFolder, 'model.onnx'));
  const manifest = {
    schemaVersion: 1,
    name: 'colours',
    version: '1.0.0',
    created: '2026-01-01',
    labels: COLOURS.map((id) => ({ id, name: { en: id } })),
    input: { size: 64, resize: 'shorter-side-crop' },
    temperature: 1,
    thresholds: { uncertain: 0 },
  };
  writeFileSync(join(modelFolder, 'model.json'), JSON.stringify(manifest));
});

describe('the system as processes', () => {
  it('answers, and ends in order with every process', async () => {
    const system = await startSystem({ modelFolder });
    const pids = Object.values(await system.pids());
    const { statusCode } = await request(`${system.url}/api/v1/classifications`, {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body: await photo(),
    });
    const exits = await system.stop();

    expect(statusCode).toBe(200);
    expect(Object.values(exits).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('tells which process did not come up, why, and what it wrote', async () => {
    await expect(startSystem({ modelFolder: join(modelFolder, 'nowhere') })).rejects.toThrow(
      /^endpoint ended during the start: exit code 78: .*nowhere is not a folder that can be read\.\n {2}.*nowhere/,
    );
    await expect(startSystem({ modelFolder, environment: { web: { WEB_PORT: 'x' } } })).rejects.toThrow(
      /^web ended during the start: exit code 78: The configuration is wrong: WEB_PORT/,
    );
  });

  it('leaves no process behind when its starter is killed', async () => {
    const program = `
      const { startSystem } = require(${JSON.stringify(distFile('test/support/system.js'))});
      startSystem(${JSON.stringify({ modelFolder })}).then(async (system) => console.log(JSON.stringify(await system.pids())));`;
    const starter = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(starter.stdout, 'data')) as [Buffer];
    const pids = Object.values(JSON.parse(output.toString()) as Record<string, number>);
    expect(pids.filter(isAlive)).toHaveLength(5);

    starter.kill('SIGKILL');
    while (pids.some(isAlive)) await sleep(50); // the test's own time limit ends this
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
