// From a folder of photos to answers on the page, and back: what a model engineer types, while the system runs under load.
import { ClassificationResponse, ModelResponse } from '@app/contracts/classification';
import { EvaluationFile, PARITY_LIMITS, TestPredictions } from '@app/contracts/learning';
import { describeExit, distFile, LocalS3, ManagedProcess, StateFolder } from '@app/sagemaker-local';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PhotoFolders, writePhotoFolders } from '../support/photo-folder';
import { form, raw, Reply, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';

/** Training, evaluation and two deployments, on a machine that may be busy. */
const PATIENCE_MS = 300_000;

let folder: string;
let photos: PhotoFolders;
let system: RunningSystem;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'model-pipeline-'));
  photos = await writePhotoFolders(folder, { train: 40, test: 15 });
  system = await startSystem({ stateFolder: join(folder, 'state') });
}, PATIENCE_MS);

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

/** What the command line writes to stdout; throws when it does not end well. */
async function pipeline(...argv: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const process_ = new ManagedProcess({
    command: [distFile('apps/pipeline/src/main.js'), ...argv, '--state', join(folder, 'state')],
    environment: { PATH: process.env['PATH'], TMPDIR: tmpdir() },
    onLine: (line) => lines.push(line),
  });
  const exit = await process_.exited;
  if (exit.code !== 0) throw new Error(`${argv.join(' ')}: ${describeExit(exit)}\n${lines.join('\n')}`);
  return lines.join('\n');
}

const classify = (image: Buffer, query = '') => send(`${system.url}/api/v1/classifications${query}`, raw(image));
const answerIn = ({ text }: Reply) => JSON.parse(text) as ClassificationResponse;
async function describedModel(): Promise<ModelResponse> {
  return JSON.parse((await send(`${system.url}/api/v1/model`, { method: 'GET' })).text) as ModelResponse;
}

/** Sends a photo from two clients, one after the other each, until the work is done. */
async function underLoad(image: Buffer, work: () => Promise<unknown>): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let isDone = false;
  const client = async () => {
    while (!isDone) replies.push(await classify(image));
  };
  const clients = [client(), client()];
  await work().finally(() => (isDone = true));
  await Promise.all(clients);
  return replies;
}

it(
  'takes photos to a deployed model and back again without a failed request',
  async () => {
    expect((await describedModel()).labels).toHaveLength(200);

    const ran = await pipeline('run', '--data', photos.train, '--test', photos.test, '--name', 'flowers');
    expect(ran).toMatch(/registered flowers as version 2\./);
    expect(ran).toContain('The deployed model everyday-objects knows other classes.');
    await pipeline('approve', '2');

    const predictions = predictionsOf(await pipeline('show', '2', '--json'));
    const [first] = predictions.images;
    const image = readFileSync(join(photos.test, first?.path ?? ''));
    const replies = await underLoad(image, () => pipeline('deploy', '2'));
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(replies.map((reply) => answerIn(reply).model.name))).toEqual(
      new Set(['everyday-objects', 'flowers']),
    );

    expect(await describedModel()).toMatchObject({ name: 'flowers', version: '2.0.0' });
    expect((await describedModel()).labels.map(({ id }) => id)).toEqual(photos.classes);
    await expectParity(predictions);
    const page = await send(`${system.url}/classify`, form({ field: 'image', content: image, filename: 'photo.jpg' }));
    expect(page.text).toContain(first?.predicted);
    expect(page.text).toContain('flowers 2.0.0');

    const repliesAfter = await underLoad(image, () => pipeline('rollback'));
    expect(repliesAfter.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await describedModel()).labels).toHaveLength(200);
    expect(await pipeline('models')).toMatch(/2 +flowers +rejected .*\n +1 +everyday-objects +approved .*deployed/);
  },
  PATIENCE_MS,
);

it(
  'learns the same from the same photos, and says so',
  async () => {
    await pipeline('run', '--data', photos.train, '--test', photos.test, '--name', 'flowers', '--seed', '0');
    const images = 15 * photos.classes.length;

    expect(await pipeline('compare', '2', '3')).toContain(
      `No difference: both give the same answers to all ${images} images.`,
    );
  },
  PATIENCE_MS,
);

/** `predictions.json` of the version that was shown. */
function predictionsOf(shown: string): TestPredictions {
  const { version } = JSON.parse(shown) as { version: { metadata: { predictionsUri: string } } };
  const file = new LocalS3(new StateFolder(join(folder, 'state'))).pathOf(version.metadata.predictionsUri);
  expect(file.endsWith(EvaluationFile.predictions)).toBe(true);
  return JSON.parse(readFileSync(file, 'utf8')) as TestPredictions;
}

/** What training computes for a photo and what a user is told of it, through web, was, endpoint and model. */
async function expectParity({ images }: TestPredictions): Promise<void> {
  const differences: number[] = [];
  let agreeing = 0;
  for (const { path, predicted, score } of images) {
    const { predictions } = answerIn(await classify(readFileSync(join(photos.test, path)), '?top_k=3'));
    if (predictions[0]?.label === predicted) agreeing += 1;
    const told = predictions.find(({ label }) => label === predicted)?.score ?? 0;
    differences.push(Math.abs(told - score));
  }
  expect(agreeing / images.length).toBeGreaterThanOrEqual(PARITY_LIMITS.agreement);
  expect(Math.max(...differences)).toBeLessThanOrEqual(PARITY_LIMITS.largestDifference);
}
