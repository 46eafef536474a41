import { metricExpression, TRAINING_METRICS } from '@app/contracts/learning';
import { ImageObservation, ModelManifest, SKETCH_DIMENSIONS } from '@app/contracts/sagemaker';
import { normaliseImage } from '@app/imaging';
import { quantile, readDataset, splitDataset } from '@app/learning';
import { PRODUCT_ROOT, PRODUCT_VERSION } from '@app/platform/product';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { Classifier } from '../src/inference/classifier';
import { loadModelPackage } from '../src/model-package/load-model-package';
import { FinishedJob } from './support/job-process';
import { TrainingBase } from './support/training-base';

/** Some 20 ms for an image and view. */
const SLOW = { busyWork: 2000 };

let base: TrainingBase;
afterEach(() => base.remove());

const manifest = async () => JSON.parse(await base.read('model/model.json')) as ModelManifest;
const account = async (): Promise<unknown> => JSON.parse(await base.read('output/data/dataset.json'));
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

/** The job failed: nothing that looks like a model, and the reason where SageMaker and people look for it. */
async function expectFailure({ code, stderr }: FinishedJob, expected: number, reason: RegExp): Promise<void> {
  expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringMatching(reason) });
  expect(await base.read('output/failure')).toBe(lastLine(stderr));
  expect(existsSync(base.at('model/model.json'))).toBe(false);
}

describe('a training job', () => {
  it('makes a package that can be served, from hyperparameters and channels alone', async () => {
    base = await TrainingBase.create({ blue: 24, red: 20 }, { sagemaker_region: 'eu-west-1', seed: '7' });
    await base.put('input/data/train/red/notes.txt', 'no picture');
    await base.put('input/data/train/red/again.png', await readFile(base.at('input/data/train/red/1.png')));

    const { code, stdout, stderr } = await base.train({ TRAINING_JOB_NAME: 'job-1', CODE_VERSION: '9.8.7' });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await base.names('model')).toEqual(['card.md', 'model.json', 'model.onnx']);
    expect(await base.names('output')).toEqual(['data']);
    expect(await base.names('.')).not.toContain('checkpoints');
    expect(await manifest()).toMatchObject({
      name: 'colours',
      version: '0.0.0',
      labels: [{ id: 'blue' }, { id: 'red' }],
      input: { size: 32, resize: 'stretch' },
      metrics: { measuredOn: 'validation images', accuracy: 1 },
      evaluation: {
        measuredOn: 'validation',
        images: 4,
        confusedPairs: [],
        confusion: [
          [3, 0],
          [0, 1],
        ],
      },
      data: {
        counts: { blue: 24, red: 20 },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        splitHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        split: { validation: 0.15, test: 0, seed: 7 },
        leftOut: 2,
      },
      provenance: {
        backbone: { source: 'channel', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        hyperparameters: { seed: '7', method: 'fit' },
        codeVersion: '9.8.7',
        trainingJob: 'job-1',
        node: process.version,
      },
      baseline: { images: expect.any(Number) },
    });
    expect(await account()).toMatchObject({
      counts: { blue: 24, red: 20 },
      leftOut: [
        { path: 'red/again.png', reason: 'duplicate' },
        { path: 'red/notes.txt', reason: 'not-an-image' },
      ],
      warnings: [],
    });
    expect(await base.read('model/card.md')).toContain('validation images, which had a part in choosing');
    expect(stdout).toContain('2 files or folders left out of the training data:\n  red/again.png is the same picture');
    expect(stdout).toMatch(/^\[progress\] features: 44 of 44 images, [\d,]+ a second, 0 s left$/m);
    for (const { name } of TRAINING_METRICS) expect(stdout).toMatch(new RegExp(metricExpression(name)));

    const loaded = await loadModelPackage(base.at('model'), { workers: 1, maxQueue: 1 });
    try {
      const { answer } = await new Classifier(loaded).classify(await readFile(base.at('input/data/train/red/3.png')));
      expect(answer.predictions[0]).toMatchObject({ label: 'red' });
      expect(answer).toHaveProperty('outOfSetScore');
    } finally {
      await loaded.pool.close();
    }
  });

  it('describes the validation images by the numbers that serving tells of them', async () => {
    base = await TrainingBase.create({ blue: 24, red: 20 }, { seed: '7', 'validation-share': '0.3' });
    expect((await base.train()).code).toBe(0);
    const { baseline } = await manifest();
    const { validation } = splitDataset(
      await readDataset(base.at('input/data/train')),
      { validation: 0.3, test: 0 },
      7,
    );

    const loaded = await loadModelPackage(base.at('model'), { workers: 1, maxQueue: 1 });
    const served: ImageObservation[] = [];
    try {
      const classifier = new Classifier(loaded);
      for (const { file } of validation) {
        const { bytes } = await normaliseImage(await readFile(file), { modelSize: 32 }); // as the business tier sends it
        const { observation } = (await classifier.classify(bytes, { observe: true })).answer;
        if (observation !== undefined) served.push(observation);
      }
    } finally {
      await loaded.pool.close();
    }

    expect(served).toHaveLength(baseline?.images ?? NaN);
    const meanOf = (at: number) => served.reduce((sum, { sketch }) => sum + (sketch?.[at] ?? NaN), 0) / served.length;
    const largest = Math.max(...served.flatMap(({ sketch = [] }) => sketch.map(Math.abs)));
    for (const [at, mean] of baseline?.sketch?.mean.entries() ?? []) {
      expect(Math.abs(meanOf(at) - mean) / largest).toBeLessThan(1e-4);
    }
    for (const name of ['brightness', 'contrast', 'sharpness'] as const) {
      const values = served.map((observation) => observation[name]).sort((a, b) => a - b);
      const median = quantile(values, 0.5);
      expect(Math.abs(median - (baseline?.imageDeciles?.[name][4] ?? NaN))).toBeLessThan(1e-4 * (1 + median));
    }
    expect(baseline?.imageDeciles?.megapixels).toEqual(new Array(9).fill(0.00192));
    expect(baseline?.sketch?.covariance).toHaveLength(SKETCH_DIMENSIONS ** 2);
  });

  it('makes the same model of the same data, hyperparameters and seed', async () => {
    base = await TrainingBase.create({ blue: 14, red: 14 });
    const train = async (seed: string) => {
      await base.setHyperparameters({ seed });
      expect((await base.train()).code).toBe(0);
      const { created, ...described } = await manifest();
      return { described, graph: await readFile(base.at('model/model.onnx')) };
    };

    const [first, second, other] = [await train('3'), await train('3'), await train('4')];

    expect(second.described).toEqual(first.described);
    expect(second.graph.equals(first.graph)).toBe(true);
    expect(other.graph.equals(first.graph)).toBe(false);
  });

  it('learns on the backbone that ships when no other is given', async () => {
    base = await TrainingBase.create({ blue: 10, red: 10 }, { 'input-size': '64', 'flipped-views': 'false' });
    await base.remove('input/data/backbone');
    await base.put('input/data/backbone/NOTHING.txt', 'not wanted');

    expect((await base.train()).code).toBe(0);

    expect(await manifest()).toMatchObject({
      input: { type: 'uint8', size: 64 },
      provenance: { backbone: { source: 'product' }, codeVersion: PRODUCT_VERSION },
    });
  });

  it('leaves the images of the test channel out', async () => {
    base = await TrainingBase.create({ blue: 14, red: 14 });
    await base.putPictures('test', { blue: 2, red: 3 });

    expect((await base.train()).code).toBe(0);

    expect(await manifest()).toMatchObject({ data: { counts: { blue: 12, red: 11 }, testImages: 0, leftOut: 5 } });
    expect(await account()).toMatchObject({ testChannel: { counts: { blue: 2, red: 3 } } });
  });

  it('sets a share of the images aside', async () => {
    base = await TrainingBase.create({ blue: 20, red: 20 }, { 'test-share': '0.3', method: 'epochs', epochs: '3' });

    const { code, stdout } = await base.train();

    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[progress\] epoch: 3 of 3, /m);
    const { data } = await manifest();
    const { trainingImages, validationImages, testImages } = data as Record<string, number>; // counts, see `dataRecord`
    expect(testImages).toBeGreaterThan(4);
    expect((trainingImages ?? 0) + (validationImages ?? 0) + (testImages ?? 0)).toBe(40);
  });

  it('goes on from an earlier model, packed or not, which may gain classes', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 }, { method: 'epochs', epochs: '20' });
    expect((await base.train()).code).toBe(0);
    await mkdir(base.at('input/data/model'));
    await create({ gzip: true, file: base.at('input/data/model/model.tar.gz'), cwd: base.at('model') }, ['.']);
    await base.putPictures('train', { green: 12 });

    await base.setHyperparameters({ method: 'epochs', epochs: '1', 'learning-rate': '0.000001' });
    const packed = await base.train();

    expect(packed.code).toBe(0);
    const { labels, metrics, provenance } = await manifest();
    expect(labels.map(({ id }) => id)).toEqual(['blue', 'green', 'red']);
    expect(provenance).toMatchObject({ wentOnFrom: { name: 'colours', version: '0.0.0' } });
    expect(metrics?.['accuracy']).toBeGreaterThan(0.5); // two of three classes are known; by chance it is a third

    await base.remove('input/data/model');
    for (const name of await base.names('model')) {
      await base.put(`input/data/model/${name}`, await readFile(base.at(`model/${name}`)));
    }
    expect((await base.train()).code).toBe(0);
  });
});

describe('a training job that has nothing left to learn', () => {
  it('still says how good it is on the training images', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 }, { 'l2-strength': '100000' });
    expect((await base.train()).code).toBe(0);
    for (const name of await base.names('model')) {
      await base.put(`input/data/model/${name}`, await readFile(base.at(`model/${name}`)));
    }

    const { stdout } = await base.train();

    expect(stdout).toContain('L2 strength 100000, 0 iterations.');
    for (const { name } of TRAINING_METRICS) expect(stdout).toMatch(new RegExp(metricExpression(name)));
  });
});

describe('a training job that cannot be done', () => {
  it('says in one line what is wrong with the hyperparameters, with exit code 78', async () => {
    base = await TrainingBase.create({}, { epoch: '3', folds: '1' });

    await expectFailure(await base.train(), 78, /"epoch" is not known.*"folds" must be a whole number from 2 to 20/);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'no training data',
      () => base.remove('input/data/train'),
      /channel "train" is missing: .*input\/data\/train must hold/,
    ],
    ['one class', () => base.remove('input/data/train/red'), /only one class folder, "blue"/],
    [
      'a class whose images are broken behind their header',
      async () => {
        for (const name of ['0', '1', '2']) await breakPicture(`input/data/train/red/${name}.png`);
      },
      /Class "red" has 9 usable images \(3 are broken\)/,
    ],
    [
      'a backbone without description',
      () => base.remove('input/data/backbone/backbone.json'),
      /backbone\.json cannot be used: ENOENT/,
    ],
    [
      'a backbone that does not fit its description',
      () => base.put('input/data/backbone/backbone.json', '{"input":{"size":32,"resize":"stretch"},"output":"x"}'),
      /backbone\.onnx cannot be used: the backbone gives no output "x"/,
    ],
    [
      'an earlier model of another backbone',
      async () => {
        const shipped = join(PRODUCT_ROOT, 'models', 'everyday-objects');
        await mkdir(base.at('input/data/model'));
        for (const name of ['model.json', 'model.onnx']) {
          await copyFile(join(shipped, name), base.at(`input/data/model/${name}`));
        }
      },
      /everyday-objects 0\.1\.0 sees 512 features, and the backbone gives 12/,
    ],
  ])('ends with 1 and one line for %s', async (_, spoil, reason) => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await spoil();

    await expectFailure(await base.train(), 1, reason);
  });

  it('cuts what it says to SageMaker at 1024 characters, and takes away what an earlier run left', async () => {
    base = await TrainingBase.create({}, { ['x'.repeat(2000)]: '1' });
    await base.put('model/model.json', '{}');
    await base.put('output/data/dataset.json', '{}');

    const { code, stderr } = await base.train();

    expect(code).toBe(78);
    const failure = await base.read('output/failure');
    expect(failure).toHaveLength(1024);
    expect(stderr.startsWith(failure)).toBe(true);
    expect([await base.names('model'), await base.names('output/data')]).toEqual([[], []]);
  });

  it('still tells stderr and the exit code when the file for the reason cannot be written', async () => {
    base = await TrainingBase.create({});
    await base.put('output', 'in the way');

    const { code, stderr } = await base.train();

    expect(code).toBe(1);
    expect(stderr).toMatch(/output\/failure cannot be written .*\nThe results cannot be written to .*output\/data \(/);
  });

  it('says that there is no place for what it needs meanwhile', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });

    const job = await base.train({ TMPDIR: base.at('absent') });

    await expectFailure(job, 1, /^Intermediate results cannot be written to .*absent \(ENOENT/);
  });

  it('shows the stack of a fault that nobody foresaw, on stderr only', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await base.put(
      'fault.cjs',
      `require('node:fs/promises').readdir = () => { throw new TypeError('a fault\\nof ours'); };`,
    );

    const job = await base.train({ NODE_OPTIONS: `--require ${base.at('fault.cjs')}` });

    await expectFailure(job, 1, /^TypeError: a fault\nof ours\n +at .*\na fault of ours\n$/s);
  });

  it('notices that the data change while it runs', async () => {
    base = await TrainingBase.create({ blue: 40, red: 40 });
    await base.putBackbone(SLOW);
    const job = base.start();
    await job.says(/^\[progress\] features: /m);
    await base.put('input/data/train/red/39.png', await readFile(base.at('input/data/train/blue/3.png')));

    await expectFailure(await job.finished, 1, /The data changed during the run: red\/39\.png has another content/);
  });
});

describe('a training job that is told to stop', () => {
  it('keeps the features that it has, and the next run goes on from there', async () => {
    base = await TrainingBase.create({ blue: 36, red: 36 });
    await base.putBackbone(SLOW);
    await mkdir(base.at('checkpoints'));
    const job = base.start();
    await job.says(/^\[progress\] features: /m);
    await new Promise((resolve) => setTimeout(resolve, 100));
    job.signal('SIGTERM');

    const stopped = await job.finished;

    await expectFailure(
      stopped,
      143,
      /told to stop while features were computed; those of \d+ images are in .*checkpoints/,
    );
    const kept = Number(/those of (\d+) images?/.exec(stopped.stderr)?.[1]);
    const { code, stdout } = await base.train();
    expect(code).toBe(0);
    expect(kept).toBeLessThan(72);
    expect(stdout).toContain(kept === 0 ? '' : `Features of ${kept} image`);
  });

  it('saves the head as it is', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 }, { method: 'epochs', epochs: '10000' });
    const job = base.start();
    await job.says(/^\[progress\] epoch: /m);
    job.signal('SIGTERM');

    const { code, stdout, stderr } = await job.finished;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The job was told to stop: the head is calibrated and saved as it is.');
    expect(await manifest()).toMatchObject({ provenance: { stopped: true }, metrics: { accuracy: 1 } });
  });
});

describe('the feature cache of a training job', () => {
  it('is used again, and computed anew where it is damaged', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await mkdir(base.at('checkpoints'));
    expect((await base.train()).stdout).not.toContain('were kept');
    const model = await readFile(base.at('model/model.onnx'));
    expect((await base.train()).stdout).toContain('Features of 24 images were kept from earlier runs.');

    const [view = ''] = await base.names('checkpoints/features');
    const [file = ''] = await base.names(`checkpoints/features/${view}`);
    const place = base.at(`checkpoints/features/${view}/${file}`);
    const bytes = await readFile(place);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await writeFile(place, bytes);
    await appendFile(place, 'the beginning of a record');

    const { code, stdout } = await base.train();

    expect(code).toBe(0);
    expect(stdout).toContain('Warning: The feature cache has 1 damaged entries; they are not used.');
    expect(stdout).toContain('Features of 23 images were kept from earlier runs.');
    expect((await readFile(base.at('model/model.onnx'))).equals(model)).toBe(true);
    expect(await account()).toMatchObject({ warnings: [expect.stringContaining('damaged')] });
  });
});

/** Whether this process may mount: a full disk can then be had. */
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'mount-'));
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', place], { stdio: 'ignore' }).status === 0;
  if (mounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true });
  return mounted;
}

(canMount() ? describe : describe.skip)('a training job on a full disk (needs the right to mount)', () => {
  const mounted: string[] = [];
  afterEach(() => {
    for (const place of mounted.splice(0)) spawnSync('umount', [place]);
  });
  const full = async (path: string) => {
    await mkdir(base.at(path), { recursive: true });
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', base.at(path)]);
    mounted.push(base.at(path));
  };

  it('says that the model has no place, and leaves nothing of it', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await full('model');

    await expectFailure(await base.train(), 1, /The model package cannot be written to .*model \(ENOSPC/);
    expect(await base.names('model')).toEqual([]);
  });

  it('says so on stderr when the reason has no place either', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await full('output');
    await base.put('output/filler', 'x'.repeat(4096));

    const { code, stderr } = await base.train();

    expect(code).toBe(1);
    expect(stderr).toMatch(/failure cannot be written \(ENOSPC.*\n.* cannot be written to .*output.* \(ENOSPC/);
  });

  it('goes on without the feature cache', async () => {
    base = await TrainingBase.create({ blue: 12, red: 12 });
    await full('checkpoints');

    const { code, stdout } = await base.train();

    expect(code).toBe(0);
    expect(stdout).toContain('Warning: Features are not kept for the next run: ENOSPC');
  });
});

/** Its header stays whole. */
async function breakPicture(path: string): Promise<void> {
  const bytes = await readFile(base.at(path));
  await writeFile(base.at(path), bytes.subarray(0, bytes.length - 40));
}
