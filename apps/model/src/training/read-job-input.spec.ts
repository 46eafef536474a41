import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJobInput } from './read-job-input';
import { trainingFolders } from './training-folders';

let base: string;
beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'job-input-'));
  await put('input/config/hyperparameters.json', { 'model-name': 'flowers' });
  await put('input/data/train/rose/1.jpg', '');
});
afterEach(() => rmSync(base, { recursive: true }));

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), typeof content === 'string' ? content : JSON.stringify(content));
}
const read = () => readJobInput(trainingFolders(base));

it('needs hyperparameters and the channel train, and nothing else', async () => {
  expect(await read()).toMatchObject({
    hyperparameters: { 'model-name': 'flowers' },
    channels: { train: join(base, 'input/data/train') },
    warnings: [],
  });
});

it('takes a channel that holds nothing, or only NOTHING.txt, as absent', async () => {
  await put('input/data/test/NOTHING.txt', 'not wanted');
  await put('input/data/backbone/backbone.json', '{}');
  await mkdir(join(base, 'input/data/model'));
  await put('input/data/train-manifest', 'of SageMaker');

  expect((await read()).channels).toEqual({
    train: join(base, 'input/data/train'),
    backbone: join(base, 'input/data/backbone'),
  });
});

it('does not look at the channel test when a part of the training data is set aside', async () => {
  await put('input/data/test/rose/1.jpg', '');
  await put('input/config/hyperparameters.json', { 'model-name': 'flowers', 'test-share': '0.2' });

  const { channels, warnings } = await read();

  expect(channels).toEqual({ train: join(base, 'input/data/train') });
  expect(warnings).toEqual([]);
});

it('takes what SageMaker says of one host and of files', async () => {
  await put('input/config/resourceconfig.json', { current_host: 'algo-1', hosts: ['algo-1'] });
  await put('input/config/inputdataconfig.json', {
    train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated' },
  });

  await expect(read()).resolves.toMatchObject({ warnings: [] });
});

it('warns of a channel that nobody reads', async () => {
  await put('input/data/validation/rose/2.jpg', '');

  expect((await read()).warnings).toEqual([
    'The channel "validation" is not used; there are train, test, model, backbone.',
  ]);
});

it.each<[string, () => Promise<void>, string, RegExp]>([
  [
    'hyperparameters that are missing',
    () => rm(join(base, 'input/config'), { recursive: true }),
    'bad-hyperparameters',
    /hyperparameters\.json is missing/,
  ],
  ['a file that is no JSON', () => put('input/config/resourceconfig.json', '{'), 'bad-configuration', /is not JSON/],
  [
    'a file that is no object',
    () => put('input/config/inputdataconfig.json', []),
    'bad-configuration',
    /must be a JSON object/,
  ],
  [
    'several hosts',
    () => put('input/config/resourceconfig.json', { hosts: ['algo-1', 'algo-2'] }),
    'bad-configuration',
    /names 2 hosts, and training uses one; set InstanceCount to 1/,
  ],
  [
    'a pipe',
    () => put('input/config/inputdataconfig.json', { train: { TrainingInputMode: 'Pipe' } }),
    'bad-configuration',
    /"train" has the input mode Pipe.*choose File or FastFile/,
  ],
  [
    'no training data',
    async () => {
      rmSync(join(base, 'input/data/train'), { recursive: true });
      await put('input/data/training/rose/1.jpg', '');
    },
    'bad-channel',
    /The channel "train" is missing: .* There is a channel "training": is it meant\?/,
  ],
])('refuses %s', async (_, prepare, code, message) => {
  await prepare();

  await expect(read()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});
