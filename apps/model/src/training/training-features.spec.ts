import { DatasetImage, ExtractProgress, readDataset, splitDataset } from '@app/learning';
import { readFile, writeFile } from 'node:fs/promises';
import { TrainingBase } from '../../test/support/training-base';
import { trainingFeatures, TrainingFeaturesOptions } from './training-features';

let base: TrainingBase;
let split: { train: readonly DatasetImage[]; validation: readonly DatasetImage[] };
beforeEach(async () => {
  base = await TrainingBase.create({ blue: 10, red: 10 });
  split = splitDataset(await readDataset(base.at('input/data/train')), { validation: 0.3, test: 0 });
});
afterEach(() => base.remove());

const compute = (options: Partial<TrainingFeaturesOptions> = {}) => {
  const backbone = {
    path: base.at('input/data/backbone/backbone.onnx'),
    input: { size: 32, resize: 'stretch' },
    output: 'cells',
  } as const;
  const quiet = { flipped: true, signal: new AbortController().signal, onProgress: () => undefined };
  return trainingFeatures(split, backbone, { ...quiet, ...options });
};
const labelsOf = (images: readonly DatasetImage[]) => images.map(({ label }) => label);

it('gives every view of the training images, view by view, and validation images as they are', async () => {
  const { training, groups, validation, validationProperties } = await compute();

  const [images, others] = [split.train.length, split.validation.length];
  const numbers = [...split.train.keys()];
  expect([...training.labels]).toEqual([...labelsOf(split.train), ...labelsOf(split.train)]);
  expect([...groups]).toEqual([...numbers, ...numbers]);
  expect([...validation.labels]).toEqual(labelsOf(split.validation));
  expect(validationProperties.megapixels).toEqual(new Float32Array(split.validation.length).fill((48 * 40) / 1e6));
  expect([training.features.length, validation.features.length]).toEqual([2 * images * 12, others * 12]);
  // Cells are two by two, and their means differ from left to right.
  const [left, right, mirroredLeft, mirroredRight] = [0, 1, images * 12, images * 12 + 1].map(
    (at) => training.features[at],
  );
  expect(left).not.toBe(right);
  expect([mirroredLeft, mirroredRight]).toEqual([right, left]);
});

it('leaves mirrored views out when they are not wanted', async () => {
  const { training, groups } = await compute({ flipped: false });

  expect(training.labels).toHaveLength(split.train.length);
  expect([...groups]).toEqual([...split.train.keys()]);
});

it('tells the progress of both parts as one', async () => {
  const told: ExtractProgress[] = [];

  await compute({ onProgress: (progress) => told.push(progress) });

  expect([...new Set(told.map(({ done }) => done))]).toEqual(Array.from({ length: 21 }, (_, done) => done));
  expect(new Set(told.map(({ total }) => total))).toEqual(new Set([20]));
  expect(told.at(-1)).toMatchObject({ remainingMs: 0 });
});

it('lists broken images of both parts, and has no row of them', async () => {
  const spoilt = [split.train[1], split.validation[0]].flatMap((image) => image ?? []);
  for (const { file } of spoilt) await writeFile(file, (await readFile(file)).subarray(0, 100));
  split = splitDataset(await readDataset(base.at('input/data/train')), { validation: 0.3, test: 0 });

  const { training, groups, broken, validation } = await compute();

  expect(broken.map(({ path }) => path).sort()).toEqual(spoilt.map(({ path }) => path).sort());
  expect(new Set(groups).size + validation.labels.length).toBe(18);
  expect(training.labels).toHaveLength(groups.length);
});
