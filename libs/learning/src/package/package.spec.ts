import { ModelManifest } from '@app/contracts/sagemaker';
import { appendLinearHead, createSessionPool, readLinearHead } from '@app/onnx';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FeatureSet } from '../feature-set';
import { applyHead } from '../head';
import { auroc } from '../metrics';
import { seededRandom } from '../head/seeded-random';
import { syntheticFeatures } from '../testing';
import { learnClassifier, LearnOptions } from './learn-classifier';
import { modelCard } from './model-card';
import { replacePackage, writePackage } from './write-package';

const BACKBONE = resolve('../shared/models/backbone.onnx');
const SHAPE = { classes: 3, dimension: 16, separation: 3 };
const OPTIONS: LearnOptions = {
  labels: ['a', 'b', 'c'],
  training: syntheticFeatures({ ...SHAPE, perClass: 60, seed: 1 }),
  validation: syntheticFeatures({ ...SHAPE, perClass: 40, seed: 2 }),
  learning: { method: 'fit', workers: 1 },
};
const MANIFEST: ModelManifest = {
  schemaVersion: 1,
  name: 'letters',
  version: '1.0.0',
  created: '2026-11-23T00:00:00Z',
  labels: ['a', 'b', 'c'].map((id) => ({ id, name: { en: `letter ${id}` } })),
  input: { size: 64, resize: 'shorter-side-crop' },
  temperature: 1,
  thresholds: { uncertain: 0.5, unknown: 2 },
};

describe('learnClassifier', () => {
  it('gives a head that knows its classes, how sure it is, and what is none of them', async () => {
    const learned = await learnClassifier(OPTIONS);

    expect(learned.validation.accuracy).toBeGreaterThan(0.85);
    expect(learned.thresholds).toEqual({ uncertain: learned.uncertain.threshold, unknown: learned.unknown.threshold });
    expect(learned.unknown.falseAlarms).toBeCloseTo(0.05, 1);
    expect(learned.baseline).toMatchObject({ images: 120, labelShares: { a: expect.any(Number) } });

    const random = seededRandom(9);
    const far: FeatureSet = {
      features: Float32Array.from({ length: 50 * 16 }, () => (random() - 0.5) * 12),
      dimension: 16,
      labels: new Uint32Array(50),
    };
    const known = await applyHead(learned.head, OPTIONS.validation, { workers: 1 });
    const others = await applyHead(learned.head, far, { workers: 2 });
    expect(known.outOfSet).toHaveLength(120);
    expect(auroc(known.outOfSet, others.outOfSet)).toBeGreaterThan(0.99);
    expect(known.outOfSet.reduce((sum, score) => sum + score, 0) / 120).toBeCloseTo(1, 0);
  });

  it('goes on from an earlier head, by epochs', async () => {
    const { head } = await learnClassifier(OPTIONS);
    const learning = { method: 'epochs', epochs: 1, learningRate: 1e-6, workers: 1 } as const;

    const warm = await learnClassifier({ ...OPTIONS, learning, earlier: { ...head, labels: ['a', 'b', 'c'] } });
    const cold = await learnClassifier({ ...OPTIONS, learning });

    expect(warm.validation.accuracy).toBeGreaterThan(0.85);
    expect(warm.validation.beforeCalibration.logLoss).toBeLessThan(cold.validation.beforeCalibration.logLoss / 2);
  });
});

describe('modelCard', () => {
  it('says what it knows, how good it is and when it does not answer', async () => {
    const learned = await learnClassifier(OPTIONS);
    const facts = { manifest: MANIFEST, learned, trainingImages: 180, validationImages: 120 };

    const card = modelCard(facts);

    expect(card).toContain('# letters 1.0.0');
    expect(card).toContain('3 classes: letter a, letter b, letter c.');
    expect(card).toContain('Measured on 120 validation images, which had a part in choosing its thresholds');
    expect(card).toMatch(/\| letter b \| 40 \| \d+\.\d % \|/);
    expect(modelCard({ ...facts, test: learned.validation })).toContain('Measured on 120 test images it never saw');
    expect(card).not.toMatch(/NaN|undefined/);
  });
});

describe('writePackage', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'write-package-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const files = { graph: Uint8Array.of(1, 2, 3), manifest: MANIFEST, card: '# card\n' };

  it('writes the three files, and nothing beside them', async () => {
    await writePackage(join(folder, 'models', 'letters'), files);

    expect(readdirSync(join(folder, 'models'))).toEqual(['letters']);
    const place = join(folder, 'models', 'letters');
    expect(readdirSync(place).sort()).toEqual(['card.md', 'model.json', 'model.onnx']);
    expect([...readFileSync(join(place, 'model.onnx'))]).toEqual([1, 2, 3]);
    expect(JSON.parse(readFileSync(join(place, 'model.json'), 'utf8'))).toEqual(MANIFEST);
    expect(readFileSync(join(place, 'card.md'), 'utf8')).toBe('# card\n');
  });

  it('leaves a package alone that is there already', async () => {
    mkdirSync(join(folder, 'letters'));
    writeFileSync(join(folder, 'letters', 'model.json'), 'mine');

    await expect(writePackage(join(folder, 'letters'), files)).rejects.toThrow(/ENOTEMPTY|EEXIST/);

    expect(readdirSync(folder)).toEqual(['letters']);
    expect(readFileSync(join(folder, 'letters', 'model.json'), 'utf8')).toBe('mine');
  });
});

describe('replacePackage', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'replace-package-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const files = { graph: Uint8Array.of(1, 2, 3), manifest: MANIFEST, card: '# card\n' };

  it('replaces what is there of a package, and nothing else', async () => {
    for (const name of ['model.json', '.model.json', 'notes.txt']) writeFileSync(join(folder, name), 'mine');

    await replacePackage(folder, files);

    expect(readdirSync(folder).sort()).toEqual(['card.md', 'model.json', 'model.onnx', 'notes.txt']);
    expect(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))).toEqual(MANIFEST);
  });

  it('leaves nothing when it fails half-way', async () => {
    writeFileSync(join(folder, 'model.json'), 'of before');
    const manifest = { ...MANIFEST, provenance: { unwritable: 1n } };

    await expect(replacePackage(folder, { ...files, manifest })).rejects.toThrow('BigInt');

    expect(readdirSync(folder)).toEqual([]);
  });
});

const describeWithBackbone = existsSync(BACKBONE) ? describe : describe.skip;
describeWithBackbone('a package on the backbone that ships (skipped where it is absent)', () => {
  it('answers as the head did in training, within 1e-4', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-parity-'));
    const backbone = await createSessionPool({ modelPath: BACKBONE, workers: 1, maxQueue: 9 });
    const random = seededRandom(3);
    const images = Array.from({ length: 9 }, (_, index) =>
      Uint8Array.from({ length: 64 * 64 * 3 }, (_value, at) => (at % 3 === index % 3 ? 200 : 40) + random() * 40),
    );
    const imageOf = (index: number) => ({
      image: { type: 'uint8' as const, dims: [1, 64, 64, 3], data: images[index]?.slice() ?? new Uint8Array() },
    });
    const rows = await Promise.all(
      images.map(async (_, index) => (await backbone.run({ feeds: imageOf(index), outputs: ['features'] })).outputs),
    ).finally(() => backbone.close());
    const features = Float32Array.from(rows.flatMap((outputs) => Array.from(outputs['features']?.data ?? [])));
    const set = { features, dimension: 512, labels: Uint32Array.from(images, (_, index) => index % 3) };
    const learning = { method: 'fit', strengths: [10], workers: 1 } as const;
    const { head } = await learnClassifier({ labels: ['a', 'b', 'c'], training: set, validation: set, learning });

    await writePackage(join(folder, 'm'), {
      graph: await appendLinearHead(readFileSync(BACKBONE), head),
      manifest: MANIFEST,
      card: '',
    });

    const modelPath = join(folder, 'm', 'model.onnx');
    const whole = await createSessionPool({ modelPath, workers: 1, maxQueue: 9 });
    try {
      const expected = await applyHead(head, set, { workers: 1 });
      for (const index of images.keys()) {
        const { outputs } = await whole.run({ feeds: imageOf(index), outputs: ['logits', 'out_of_set'] });
        for (let label = 0; label < 3; label += 1) {
          expect(outputs['logits']?.data[label]).toBeCloseTo(expected.logits[index * 3 + label] ?? NaN, 4);
        }
        const distance = expected.outOfSet[index] ?? NaN;
        expect(Math.abs((outputs['out_of_set']?.data[0] ?? NaN) - distance)).toBeLessThan(1e-4 * (1 + distance));
      }
      expect(whole.outputs.map(({ name }) => name).sort()).toEqual(['feature_map', 'features', 'logits', 'out_of_set']);
      expect(await readLinearHead(modelPath, 'logits')).toMatchObject({ weights: head.weights, bias: head.bias });
    } finally {
      await whole.close();
      rmSync(folder, { recursive: true });
    }
  });
});
