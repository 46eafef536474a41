import { ModelManifest } from '@app/contracts/sagemaker';
import { readDataset, splitDataset } from '@app/learning';
import { PRODUCT_ROOT } from '@app/platform';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { create } from 'tar';
import { isAlive, until } from '../../../test/support/conditions';
import { oversizedJpeg, photo, sharedPhotos, truncated } from '../../../test/support/images';
import { COLOUR_MANIFEST, writeColourPackage } from './support/colour-package';
import { EvaluationRun } from './support/evaluation-run';

const manifest = (changes: Partial<Record<keyof ModelManifest, unknown>>) => ({ ...COLOUR_MANIFEST, ...changes });
const [red, green, blue] = COLOUR_MANIFEST.labels;
/** A score above 0 makes it unknown; the energy of what the classifier knows is about -8, of grey -5. */
const THRESHOLDS = { uncertain: 0.9, unknown: -6 };
const FEW = { red: 3, green: 2, blue: 2 };

let run: EvaluationRun;
beforeEach(() => (run = new EvaluationRun()));
afterEach(() => run.remove());

/** Puts the package that lies in the input `model` into `model.tar.gz` there, as SageMaker does. */
async function pack(): Promise<void> {
  const folder = run.input('model');
  await create({ file: join(folder, 'model.tar.gz'), cwd: folder, gzip: true }, ['.']);
  for (const name of ['model.json', 'model.onnx']) rmSync(join(folder, name));
}

describe('an evaluation', () => {
  it('measures a packed model on test images, images of other things and over HTTP', async () => {
    await run.model(manifest({ thresholds: THRESHOLDS, data: { trainingImages: 80, hash: 'abc' } }));
    await pack();
    await run.photos('test', { red: 5, green: 4, blue: 4 });
    await run.photo('test', 'green/not green.png', 'blue', 9);
    run.put('test', 'blue/broken.png', truncated(await photo({ format: 'png' })));
    await run.photo('other', 'deep/er/grey.png', 'grey');
    await run.photo('other', 'red.png', 'red', 20);
    run.put('other', 'notes.txt', 'about');
    run.put('deployed', 'NOTHING.txt', 'No model is deployed.');

    const report = await run.evaluate({ EVALUATION_LATENCY_IMAGES: '5' });

    expect(report.model).toMatchObject({
      name: 'colours',
      trainingImages: 80,
      dataHash: 'abc',
      thresholds: THRESHOLDS,
    });
    expect(report.test).toEqual({
      images: 14,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      setAside: false,
      leftOut: [{ path: 'blue/broken.png', reason: 'unreadable', message: expect.stringContaining('cannot be read') }],
    });
    const metrics = report.multiclass_classification_metrics;
    expect(metrics.confusion_matrix).toEqual({
      red: { red: 5, green: 0, blue: 0 },
      green: { red: 0, green: 4, blue: 1 },
      blue: { red: 0, green: 0, blue: 4 },
    });
    expect(metrics.accuracy).toEqual({ value: 13 / 14, standard_deviation: 'NaN' });
    expect(report.quality).toMatchObject({
      accuracy: 13 / 14,
      confusion: [
        [5, 0, 0],
        [0, 4, 1],
        [0, 0, 4],
      ],
    });
    expect(report.quality.decisions).toEqual({ label: 1, uncertain: 0, unknown: 0 });
    expect(report.quality.selectiveAccuracy).toBe(13 / 14);
    expect(report.outOfSet.map(({ name, images }) => [name, images])).toEqual([
      ['other', 2],
      ['noise', 30],
      ['plain', 30],
      ['gradients', 30],
    ]);
    expect(report.outOfSet[0]?.decisions).toEqual({ label: 0.5, uncertain: 0, unknown: 0.5 });
    expect(report.outOfSet[1]?.auroc).toBe(1); // noise is grey on average
    expect(report.parity).toMatchObject({ images: 14, agreement: 1 });
    expect(report.parity.largestDifference).toBeLessThan(1e-5);
    const { p50Ms, p95Ms, maxMs, inferMs, images } = report.latency;
    expect(images).toBe(5);
    expect([inferMs, p50Ms, p95Ms, maxMs]).toEqual([inferMs, p50Ms, p95Ms, maxMs].sort((a, b) => a - b));
    expect(inferMs).toBeGreaterThan(0);
    expect(report.comparison).toEqual({ comparable: 0, explanation: 'No model is deployed yet.', accuracyDrop: 0 });
    expect(JSON.stringify(report)).not.toContain('null');

    expect(run.results).toEqual(['evaluation.json', 'predictions.json', 'report.html']);
    expect(run.predictions.testHash).toBe(report.test.hash);
    expect(run.predictions.images).toHaveLength(14);
    expect(run.predictions.images.filter(({ label, predicted }) => label !== predicted)).toEqual([
      {
        path: 'green/not green.png',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        label: 'green',
        predicted: 'blue',
        score: expect.closeTo(1, 2),
        decision: 'label',
      },
    ]);
    expect(run.result('report.html')).toContain('<!doctype html>');
    expect(run.message).toBeUndefined();
    expect(isAlive(run.servingPid ?? 0)).toBe(false);
  });

  it.each([
    [
      'gives probabilities and nothing else',
      { output: { name: 'probabilities', kind: 'probabilities' } },
      { output: 'probabilities', explains: false },
    ],
    [
      'takes float32',
      { input: { size: 64, resize: 'stretch', type: 'float32', std: [0.5, 0.5, 0.5] }, temperature: 3 },
      { input: 'float32', size: 64, batch: 1 },
    ],
    ['tells itself what is strange to it', { thresholds: { uncertain: 0.5, unknown: 0.7 } }, { outOfSet: true }],
  ] as const)('works with a model that %s', async (_, changes, graph) => {
    await run.model(manifest(changes), graph);
    await run.photos('test', FEW);

    const report = await run.evaluate();

    expect(report.quality.accuracy).toBe(1);
    expect(report.parity.agreement).toBe(1);
    expect(report.parity.largestDifference).toBeLessThan(1e-5);
    expect(report.outOfSet.map(({ auroc }) => auroc >= 0 && auroc <= 1)).toEqual([true, true, true]);
  });

  it('sends images that are too large for SageMaker as the business tier does', async () => {
    await run.model();
    run.put('test', 'red/large.jpg', await oversizedJpeg(7_000_000));

    expect(await run.evaluate()).toMatchObject({ parity: { images: 1, agreement: 1 }, latency: { images: 1 } });
  });

  it('tells of a serving path that sees other pixels', async () => {
    await run.model();
    await run.photos('test', FEW);

    const { parity, quality } = await run.evaluate({ TAMPER: 'channels', EVALUATION_PARITY_IMAGES: '6' });

    expect(quality.accuracy).toBe(1);
    expect(parity.images).toBe(6);
    expect(parity.agreement).toBeLessThan(0.995);
    expect(parity.largestDifference).toBeGreaterThan(0.9);
  });

  describe('of a part that was set aside', () => {
    const shares = { validation: 0.15, test: 0.2 };

    it('tests with that part of the training data, and with no other data', async () => {
      await run.photos('test', { red: 14, green: 12, blue: 12 });
      const dataset = await readDataset(run.input('test'));
      const split = splitDataset(dataset, shares, 7);
      await run.model(manifest({ data: { splitHash: split.hash, split: { ...shares, seed: 7 } } }));

      const report = await run.evaluate();

      expect(report.test).toMatchObject({ images: split.test.length, setAside: true });
      expect(run.predictions.images.map(({ path }) => path)).toEqual(split.test.map(({ path }) => path));
      expect(report.quality.accuracy).toBe(1);

      await run.photo('test', 'red/new.png', 'red', 40);
      const { code, sentence } = await run.fail();
      expect(code).toBe(1);
      expect(sentence).toMatch(/set aside, and the data in \S+ has changed since/);
      expect(run.message).toBe(sentence);
      expect(run.results).toEqual([]);
    });
  });

  describe('beside a deployed model', () => {
    const mistaken = manifest({ name: 'mistaken', labels: [green, red, blue] });

    it.each([
      ['worse', mistaken, COLOUR_MANIFEST, { colours: 1, drop: 5 / 7, onlyFirst: 5, onlySecond: 0 }],
      ['better', COLOUR_MANIFEST, mistaken, { colours: 2 / 7, drop: 0, onlyFirst: 0, onlySecond: 5 }],
    ] as const)('says how much it is %s', async (_, candidate, deployed, { colours, drop, onlyFirst, onlySecond }) => {
      await run.model(candidate);
      await writeColourPackage(run.input('deployed'), deployed);
      await run.photos('test', FEW);

      const { comparison } = await run.evaluate({ EVALUATION_PARITY_IMAGES: '1' });

      expect(comparison).toMatchObject({
        comparable: 1,
        explanation: `Compared with the deployed model ${String(deployed.name)} on the same 7 images.`,
        deployed: { name: deployed.name, accuracy: colours },
        changes: { images: 7, onlyFirstRight: onlyFirst, onlySecondRight: onlySecond },
      });
      expect(comparison.accuracyDrop).toBeCloseTo(drop, 10);
    });

    it('does not compare models of other classes, but takes those that know more', async () => {
      await run.model(manifest({ labels: [red, green, { id: 'sky', name: { en: 'sky' } }] }));
      await writeColourPackage(run.input('deployed'));
      await run.photos('test', { red: 2, green: 2 });
      expect((await run.evaluate()).comparison.comparable).toBe(1);

      await run.photo('test', 'sky/1.png', 'blue');
      expect((await run.evaluate()).comparison).toEqual({
        comparable: 0,
        explanation: 'The deployed model colours knows other classes.',
        accuracyDrop: 0,
      });
    });

    it('does not mind a deployed model that is broken, but says so', async () => {
      await run.model();
      run.put('deployed', 'model.json', '{');
      await run.photos('test', FEW);

      const { comparable, explanation } = (await run.evaluate()).comparison;

      expect(comparable).toBe(0);
      expect(explanation).toMatch(/^The deployed model cannot be used: \S+model\.json is not JSON/);
    });
  });
});

describe('an evaluation that cannot be done', () => {
  const good = async () => {
    await run.model();
    await run.photos('test', FEW);
  };

  it.each<[string, number, () => Promise<unknown>, Record<string, string>, RegExp]>([
    ['there is no model', 1, () => run.photos('test', FEW), {}, /^The input "model" is missing: \S+ has no files\.$/],
    ['there are no test images', 1, () => run.model(), {}, /^The input "test" is missing/],
    [
      'the test data says that there is nothing',
      1,
      () => run.model().then(() => run.put('test', 'NOTHING.txt', 'nothing')),
      {},
      /^The input "test" is missing/,
    ],
    [
      'test images are of other classes',
      1,
      () => good().then(() => run.photo('test', 'pink/1.png', 'red')),
      {},
      /"pink"/,
    ],
    [
      'a setting is wrong',
      78,
      good,
      { EVALUATION_PARITY_IMAGES: 'all' },
      /EVALUATION_PARITY_IMAGES must be an integer/,
    ],
    [
      'the package cannot be served',
      1,
      () => good().then(() => run.put('model', 'model.json', '{}')),
      {},
      /model\.json is wrong/,
    ],
    [
      'the archive is damaged',
      1,
      () => good().then(() => run.put('model', 'model.tar.gz', 'tar')),
      {},
      /model\.tar\.gz cannot be unpacked/,
    ],
    [
      'the model dies while it is served',
      1,
      good,
      { TAMPER: 'die' },
      /^The process that serves the model does not answer any more \(exit code 9/,
    ],
    [
      'the model is not served',
      1,
      good,
      { MODEL_WORKERS: 'many' },
      /^The model cannot be served \(exit code 78: .*MODEL_WORKERS/,
    ],
  ])('says so when %s', async (_, expectedCode, prepare, environment, expected) => {
    await prepare();

    const { code, sentence } = await run.fail(environment);

    expect(code).toBe(expectedCode);
    expect(sentence).toMatch(expected);
    expect(run.message ?? sentence).toBe(sentence);
    expect(run.results).toEqual([]);
  });

  it.each([
    [
      'leads out of it',
      { preservePaths: true },
      '../escaped.txt',
      /entry "\.\.\/escaped\.txt" leads out of the package/,
    ],
    ['is a link', {}, 'link', /entry "link" is a SymbolicLink, not a file/],
  ])('refuses an archive with an entry that %s', async (_, options, entry, expected) => {
    await good();
    const folder = run.input('model');
    run.put('test', '../escaped.txt', 'out');
    symlinkSync('/etc', join(folder, 'link'));
    await create({ file: join(folder, 'model.tar.gz'), cwd: folder, gzip: true, ...options }, ['model.json', entry]);

    const { code, sentence } = await run.fail();

    expect([code, sentence]).toEqual([1, expect.stringMatching(expected)]);
  });
});

describe('an evaluation that is ended', () => {
  beforeEach(async () => {
    await run.model(COLOUR_MANIFEST, { busyWork: 4 });
    await run.photos('test', { red: 20 });
  });
  const serving = () => until(() => run.servingPid !== undefined);

  it('by SIGTERM tells so, waits for no answer, leaves nothing behind and ends with 143', async () => {
    const job = run.start({ TAMPER: 'hang' });
    await serving();

    job.signal('SIGTERM');

    expect(await job.exit).toBe(143);
    expect(run.message).toBe('The job was told to stop (SIGTERM).');
    expect(job.stderr.trim()).toBe(run.message);
    expect(run.results).toEqual([]);
    expect(isAlive(run.servingPid ?? 0)).toBe(false);
  });

  it('by SIGTERM while the network computes does so too', async () => {
    const job = run.start();
    await until(() => job.stdout.includes('Showing the test images'));

    job.signal('SIGTERM');

    expect(await job.exit).toBe(143);
    expect(job.stderr.trim()).toBe('The job was told to stop (SIGTERM).');
  });

  it('by SIGKILL takes the process that serves along, and leaves no report', async () => {
    const job = run.start();
    await serving();

    job.signal('SIGKILL');
    await job.exit;

    await until(() => !isAlive(run.servingPid ?? 0));
    expect(run.results).toEqual([]);
  });
});

const shared = sharedPhotos();
const shipped = join(PRODUCT_ROOT, 'models', 'everyday-objects');
const isComplete = existsSync(join(shipped, 'model.onnx')) && shared.known.length > 0;

(isComplete ? describe : describe.skip)('the shipped model on photos (skipped where ../shared/data is absent)', () => {
  it('is as good as its card says', async () => {
    mkdirSync(run.input('model'), { recursive: true });
    for (const name of readdirSync(shipped)) copyFileSync(join(shipped, name), run.input('model', name));
    for (const file of shared.known) {
      const [id = ''] = basename(file).split('_');
      mkdirSync(run.input('test', id), { recursive: true });
      copyFileSync(file, run.input('test', join(id, basename(file))));
    }
    mkdirSync(run.input('other'), { recursive: true });
    for (const file of shared.other) copyFileSync(file, run.input('other', basename(file)));

    const report = await run.evaluate({ EVALUATION_PARITY_IMAGES: '10' });

    // Its card: 30 of 45 photos right, 18 % of the photos of other things unknown.
    expect(report.quality.accuracy).toBeGreaterThan(0.55);
    expect(report.outOfSet[0]).toMatchObject({ name: 'other', images: shared.other.length });
    expect(report.outOfSet[0]?.decisions.unknown).toBeCloseTo(0.18, 1);
    expect(report.parity.agreement).toBe(1);
    expect(report.parity.largestDifference).toBeLessThan(1e-4);
  });
});
