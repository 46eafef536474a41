import { ModelManifest } from '@app/contracts/sagemaker';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RED, twoColours } from './support/colour-image';
import { COLOUR_MANIFEST, writeColourPackage } from './support/colour-package';
import { ModelProcess } from './support/model-process';

const { labels, input } = COLOUR_MANIFEST;
const manifest = (changes: Partial<Record<keyof ModelManifest, unknown>>) => ({ ...COLOUR_MANIFEST, ...changes });

describe('the model process', () => {
  let folder: string;
  const started: ModelProcess[] = [];

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'model-process-'))));
  afterEach(async () => {
    for (const model of started) model.signal('SIGKILL');
    await Promise.all(started.splice(0).map(({ exit }) => exit));
    rmSync(folder, { recursive: true, force: true });
  });

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ModelProcess {
    const model = new ModelProcess(args, { MODEL_DIR: folder, MODEL_WORKERS: '1', ...env });
    started.push(model);
    return model;
  }

  async function invoke(address: string): Promise<Response> {
    const body = new Uint8Array(await twoColours(RED, RED));
    return fetch(`${address}/invocations`, { method: 'POST', headers: { 'content-type': 'image/png' }, body });
  }

  it('listens, loads, answers, and ends with 0 on SIGTERM after it finished what runs', async () => {
    await writeColourPackage(folder, COLOUR_MANIFEST, { busyWork: 30 });
    const model = start(['serve']);
    const address = await model.address();
    expect([200, 503]).toContain((await fetch(`${address}/ping`)).status);
    await model.ready();
    expect((await fetch(`${address}/ping`)).status).toBe(200);

    const replies = [invoke(address), invoke(address)];
    await Promise.race(replies); // now the other one runs
    model.signal('SIGTERM');

    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await model.exit).toBe(0);
    await expect(invoke(address)).rejects.toThrow('fetch failed');
  });

  it('loses one request with a worker that dies in a burst, and replaces the worker', async () => {
    await writeColourPackage(folder, COLOUR_MANIFEST, { busyWork: 10 });
    const model = start(['serve']);
    const address = await model.address();
    await model.ready();

    const burst = Array.from({ length: 8 }, () => invoke(address));
    await Promise.race(burst);
    model.signal('SIGUSR2'); // the worker dies with the next image in its hands
    const replies = await Promise.all(burst);

    const lost = replies.filter(({ status }) => status !== 200);
    expect(lost.map(({ status }) => status)).toEqual([503]);
    expect(await lost[0]?.json()).toMatchObject({ code: 'model-unavailable' });
    expect(model.stdout).toContain('a worker was lost');
    expect((await fetch(`${address}/ping`)).status).toBe(200);
    expect((await invoke(address)).status).toBe(200);
  });

  it('says that a port is taken', async () => {
    await writeColourPackage(folder);
    const first = start(['serve']);
    const { port } = new URL(await first.address());

    const second = start(['serve'], { SAGEMAKER_BIND_TO_PORT: port });

    expect(await second.exit).toBe(1);
    expect(second.stdout).toContain('EADDRINUSE');
  });

  it.each([
    [['bake'], /"bake" is unknown.*"serve" or "train"/],
    [['toString'], /"toString" is unknown/],
    [[], /job is missing/],
  ])('ends with 64 for the arguments %j', async (args, message) => {
    const model = start(args);

    expect(await model.exit).toBe(64);
    expect(model.stderr).toMatch(message);
  });

  it('ends with 78 for a wrong configuration', async () => {
    const model = start(['serve'], { MODEL_WORKERS: 'many' });

    expect(await model.exit).toBe(78);
    expect(model.stderr).toContain('MODEL_WORKERS');
  });

  const onnx = () => join(folder, 'model.onnx');
  const json = () => join(folder, 'model.json');

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['no folder', () => rm(folder, { recursive: true }), /^The model package \S+ is not a folder/],
    ['no model.json', () => Promise.resolve(), /model\.json is missing/],
    [
      'a model.json that is no JSON',
      () => writeColourPackage(folder).then(() => appendFileSync(json(), '}')),
      /model\.json is not JSON/,
    ],
    [
      'a model.json without a name',
      () => writeColourPackage(folder, manifest({ name: undefined })),
      /model\.json is wrong: name must be/,
    ],
    ['no model.onnx', () => writeColourPackage(folder).then(() => unlinkSync(onnx())), /model\.onnx is missing/],
    [
      'a truncated model.onnx',
      () => writeColourPackage(folder).then(() => writeFileSync(onnx(), readFileSync(onnx()).subarray(0, 200))),
      /model\.onnx cannot be loaded; it is incomplete/,
    ],
    [
      'a model.onnx that is no ONNX',
      () => writeColourPackage(folder).then(() => writeFileSync(onnx(), '<html>')),
      /model\.onnx cannot be loaded/,
    ],
    [
      'another input name',
      () => writeColourPackage(folder, manifest({ input: { ...input, name: 'pixels' } })),
      /no input named "pixels", only "image"/,
    ],
    [
      'another input type',
      () => writeColourPackage(folder, COLOUR_MANIFEST, { input: 'float32' }),
      /input "image" is float32, not uint8/,
    ],
    [
      'another input size',
      () => writeColourPackage(folder, COLOUR_MANIFEST, { size: 32 }),
      /shape \[n, 32, 32, 3\], and \[n, 64, 64, 3\] is needed/,
    ],
    [
      'no such output',
      () => writeColourPackage(folder, manifest({ output: { name: 'scores' } })),
      /no output named "scores"/,
    ],
    [
      'too many labels',
      () => writeColourPackage(folder, manifest({ labels: [...labels, { id: 'x', name: { en: 'x' } }] })),
      /"logits" has 3 values, and labels names 4/,
    ],
    [
      'one label',
      () => writeColourPackage(folder, manifest({ labels: labels.slice(1, 2) })),
      /at least 2 labels, not 1/,
    ],
    ['a label twice', () => writeColourPackage(folder, manifest({ labels: [...labels, labels[0]] })), /"red" twice/],
    [
      'temperature 0',
      () => writeColourPackage(folder, manifest({ temperature: 0 })),
      /temperature must be greater than 0/,
    ],
    [
      'a threshold above 1',
      () => writeColourPackage(folder, manifest({ thresholds: { uncertain: 1.5 } })),
      /thresholds\.uncertain must be between 0 and 1/,
    ],
    [
      'values that are no numbers',
      () => {
        const broken = { ...input, type: 'float32', mean: [1e300, 0, 0] };
        return writeColourPackage(folder, manifest({ input: broken }), { input: 'float32' });
      },
      /answers an image of 64 x 64 pixels with values that are no numbers/,
    ],
  ])('ends with 78 and one sentence for %s', async (_, prepare, sentence) => {
    await prepare();

    const model = start(['serve'], { MODEL_DIR: folder });

    expect(await model.exit).toBe(78);
    expect(model.stderr).toMatch(sentence);
    expect(model.stderr.trim()).not.toContain('\n');
    expect(model.stdout).toContain('"level":"fatal"');
  });
});
