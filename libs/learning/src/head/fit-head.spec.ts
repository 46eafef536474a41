import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, FeatureSet } from '../feature-set';
import { askPython, hasPythonReference, syntheticFeatures } from '../testing';
import { applyHead } from './apply-head';
import { balancedClassWeights, fitHead, TrainingProgress, trainHeadByEpochs } from './fit-head';
import { Head, warmStart } from './linear-head';

const SHAPE = { classes: 4, dimension: 12, perClass: 80, separation: 2.4 };
const TRAINING = syntheticFeatures({ ...SHAPE, seed: 1 });
const OTHERS = syntheticFeatures({ ...SHAPE, seed: 2 });

async function accuracyOf(head: Head, set: FeatureSet): Promise<number> {
  const { logits } = await applyHead(head, set, { workers: 1 });
  const hits = set.labels.filter((label, row) => {
    const own = logits.subarray(row * head.classes, (row + 1) * head.classes);
    return own.indexOf(Math.max(...own)) === label;
  });
  return hits.length / countOf(set);
}

/** One array for comparisons. */
function numbersOf({ weights, bias }: Head): number[] {
  return [...weights, ...bias];
}

/** Sum of the losses plus strength / 2 x the squared weights, of the features divided by their common scale. */
function penalisedLoss(head: Head, { features, dimension, labels }: FeatureSet, strength: number): number {
  const means = Array.from({ length: dimension }, (_, at) => {
    return labels.reduce((sum, _label, row) => sum + (features[row * dimension + at] ?? 0), 0) / labels.length;
  });
  const variance =
    features.reduce((sum, value, at) => sum + (value - (means[at % dimension] ?? 0)) ** 2, 0) / features.length;
  const squares = head.weights.reduce((sum, weight) => sum + weight * weight * variance, 0);
  return labels.reduce(
    (sum, label, row) => {
      const logits = Array.from(head.bias, (bias, index) => {
        let logit = bias;
        for (let at = 0; at < dimension; at += 1) {
          logit += (head.weights[index * dimension + at] ?? 0) * (features[row * dimension + at] ?? 0);
        }
        return logit;
      });
      return sum + Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0)) - (logits[label] ?? 0);
    },
    (strength / 2) * squares,
  );
}

describe('fitHead', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fit-head-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds the optimum: every small change of it is worse', async () => {
    const strength = 10;
    const { head, converged } = await fitHead(TRAINING, { classes: 4, strengths: [strength], workers: 1 });

    expect(converged).toBe(true);
    const least = penalisedLoss(head, TRAINING, strength);
    for (const at of [0, 17, 47]) {
      for (const change of [-0.02, 0.02]) {
        const weights = head.weights.with(at, (head.weights[at] ?? 0) + change);
        expect(penalisedLoss({ ...head, weights }, TRAINING, strength)).toBeGreaterThan(least);
        const bias = head.bias.with(at % 4, (head.bias[at % 4] ?? 0) + change);
        expect(penalisedLoss({ ...head, bias }, TRAINING, strength)).toBeGreaterThan(least);
      }
    }
  });

  it('chooses a strength by cross-validation that serves other images', async () => {
    const progress: TrainingProgress[] = [];
    const fitted = await fitHead(TRAINING, { classes: 4, workers: 2, onProgress: (event) => progress.push(event) });

    const losses = fitted.crossValidation.map(({ loss }) => loss);
    const best = fitted.crossValidation.find(({ loss }) => loss === Math.min(...losses));
    expect(fitted.strength).toBe(best?.strength);
    expect(fitted.crossValidation.map(({ strength }) => strength)).toEqual(
      fitted.crossValidation.map(({ strength }) => strength).toSorted((a, b) => b - a),
    );
    expect(fitted.heldOut?.labels).toHaveLength(countOf(TRAINING));
    expect(await accuracyOf(fitted.head, OTHERS)).toBeGreaterThan(0.75);
    expect(progress.filter(({ phase }) => phase === 'cross-validation')).toHaveLength(losses.length);
    expect(progress.at(-1)).toMatchObject({ phase: 'fit', done: fitted.iterations });
  });

  it('gives the same head for the same seed, whatever the number of workers', async () => {
    const options = { classes: 4, strengths: [100, 10, 1], seed: 5 };
    const [one, two] = [
      await fitHead(TRAINING, { ...options, workers: 1 }),
      await fitHead(TRAINING, { ...options, workers: 2 }),
    ];

    expect(two).toEqual(one);
  });

  it('holds back all views of an image together, and judges by the first', async () => {
    // Every image twice: if one view were learned from while the other is judged, weak penalties would look splendid.
    const random = syntheticFeatures({ ...SHAPE, separation: 0, perClass: 15, dimension: 200, seed: 3 });
    const count = countOf(random);
    const twice = {
      dimension: random.dimension,
      features: Float32Array.from([...random.features, ...random.features]),
      labels: Uint32Array.from([...random.labels, ...random.labels]),
    };
    const groups = Uint32Array.from(twice.labels, (_, row) => row % count);
    const strengths = [1000, 0.1];

    const grouped = await fitHead(twice, { classes: 4, strengths, groups, workers: 1 });
    const leaking = await fitHead(twice, { classes: 4, strengths, workers: 1 });

    expect(grouped.heldOut?.labels).toHaveLength(count);
    expect(grouped.crossValidation[1]?.accuracy).toBeLessThan(0.5);
    expect(leaking.crossValidation[1]?.accuracy).toBeGreaterThan(0.7); // a fifth has its other view in the same fold
  });

  it('weighs classes, so that a rare one is found more often', async () => {
    const rows = Array.from(OTHERS.labels.keys()).filter((row) => OTHERS.labels[row] !== 0 || row < 32);
    const rare = {
      dimension: 12,
      features: Float32Array.from(rows.flatMap((row) => [...OTHERS.features.subarray(row * 12, (row + 1) * 12)])),
      labels: Uint32Array.from(rows, (row) => OTHERS.labels[row] ?? 0),
    };
    const classWeights = balancedClassWeights(rare.labels, 4);
    const found = async (weights?: number[]) => {
      const options = { classes: 4, strengths: [10], workers: 1 };
      const { head } = await fitHead(rare, weights === undefined ? options : { ...options, classWeights: weights });
      const { logits } = await applyHead(head, TRAINING, { workers: 1 });
      return TRAINING.labels.filter((label, row) => {
        const own = logits.subarray(row * 4, (row + 1) * 4);
        return label === 0 && own[0] === Math.max(...own);
      }).length;
    };

    expect(classWeights[0]).toBeCloseTo(rows.length / (4 * 8), 10);
    expect(await found(classWeights)).toBeGreaterThan((await found()) + 10);
  });

  it('begins with an earlier head, reaches the same optimum sooner, and takes new classes', async () => {
    const options = { classes: 4, strengths: [10], workers: 1 };
    const cold = await fitHead(TRAINING, options);
    const earlier = { ...cold.head, labels: ['a', 'b', 'c', 'd'] };
    const start = warmStart(earlier, ['a', 'b', 'c', 'd'], 12);
    const warm = await fitHead(TRAINING, { ...options, ...(start === undefined ? {} : { start }) });

    expect(warm.iterations).toBeLessThan(cold.iterations / 2);
    const distance = numbersOf(warm.head).map((value, at) => Math.abs(value - (numbersOf(cold.head)[at] ?? 0)));
    expect(Math.max(...distance)).toBeLessThan(2e-3);

    const grown = warmStart(earlier, ['new', 'c', 'a'], 12);
    expect(grown?.weights.subarray(0, 12)).toEqual(new Float32Array(12));
    expect(grown?.weights.subarray(12, 24)).toEqual(cold.head.weights.subarray(24, 36));
    expect(grown?.bias[2]).toBe(cold.head.bias[0]);
    expect(warmStart(earlier, ['x', 'y'], 12)).toBeUndefined();
    expect(warmStart(earlier, ['a', 'b'], 13)).toBeUndefined();
  });

  it('leaves nothing behind, not even when it fails', async () => {
    await fitHead(TRAINING, { classes: 4, strengths: [10], workers: 1, folder });
    await expect(fitHead(TRAINING, { classes: 4, strengths: [10], workers: 0, folder })).rejects.toThrow(
      'at least one worker',
    );

    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses what makes no sense', async () => {
    const nothing = { features: new Float32Array(), dimension: 12, labels: new Uint32Array() };
    await expect(fitHead(nothing, { classes: 4 })).rejects.toThrow('training takes 1 to');
    await expect(fitHead(TRAINING, { classes: 3 })).rejects.toThrow('a label is not among the 3 classes');
    await expect(fitHead(TRAINING, { classes: 4, strengths: [] })).rejects.toThrow('strengths must be');
    await expect(fitHead(TRAINING, { classes: 4, strengths: [-1] })).rejects.toThrow('strengths must be');
    await expect(fitHead(TRAINING, { classes: 4, folds: 1 })).rejects.toThrow('2 folds or more');
    const start = { classes: 2, dimension: 12, weights: new Float32Array(24), bias: new Float32Array(2) };
    await expect(fitHead(TRAINING, { classes: 4, strengths: [1], start })).rejects.toThrow('a head of 2 x 12');
  });

  it('gives what there is when it is stopped', async () => {
    const stopping = new AbortController();
    const fitted = await fitHead(TRAINING, {
      classes: 4,
      strengths: [0.01],
      workers: 1,
      signal: stopping.signal,
      onProgress: ({ done }) => done === 3 && stopping.abort(),
    });

    expect(fitted).toMatchObject({ iterations: 3, converged: false });
    expect(await accuracyOf(fitted.head, TRAINING)).toBeGreaterThan(0.5);
  });

  it('stopped in cross-validation, still fits a head, with the best strength so far', async () => {
    const stopping = new AbortController();
    const fitted = await fitHead(TRAINING, {
      classes: 4,
      workers: 1,
      signal: stopping.signal,
      onProgress: ({ phase, done }) => phase === 'cross-validation' && done === 3 && stopping.abort(),
    });
    const whole = await fitHead(TRAINING, { classes: 4, strengths: [fitted.strength], workers: 1 });

    const [best] = fitted.crossValidation.toSorted((a, b) => a.loss - b.loss);
    expect(fitted.crossValidation).toHaveLength(3);
    expect(fitted).toMatchObject({ strength: best?.strength, converged: false });
    expect(fitted.heldOut?.labels).toHaveLength(countOf(TRAINING));
    expect([fitted.iterations, fitted.head]).toEqual([whole.iterations, whole.head]);
  });

  it('stopped before a strength is through, takes the middle one and no more than 30 steps', async () => {
    // Features of very different scales are slow to fit: this takes hundreds of steps to the optimum.
    const slow = { ...TRAINING, features: TRAINING.features.map((value, at) => value * 1.5 ** (at % 12)) };
    const options = { classes: 4, strengths: [10, 1e-4, 1e-8], workers: 1, signal: AbortSignal.abort() };
    const fitted = await fitHead(slow, options);

    expect(fitted).toMatchObject({ strength: 1e-4, crossValidation: [], iterations: 30, converged: false });
    expect(await accuracyOf(fitted.head, slow)).toBeGreaterThan(0.75);
  });
});

const describeWithPython = hasPythonReference() ? describe : describe.skip;
describeWithPython('fitHead beside SciPy (skipped without python3, NumPy and SciPy)', () => {
  it('agrees on the same problem', async () => {
    const strength = 3;
    const { head } = await fitHead(TRAINING, { classes: 4, strengths: [strength], workers: 1 });
    const reference = askPython(
      `
from scipy.optimize import minimize
X = np.array(data['features']).reshape(-1, data['dimension']); y = np.array(data['labels'])
n, d = X.shape; k = 4; mean = X.mean(0); scale = np.sqrt(X.var(0).mean()); Z = (X - mean) / scale; Y = np.eye(k)[y]
def f(t):
    W = t[:k * d].reshape(k, d); z = Z @ W.T + t[k * d:]; m = z.max(1, keepdims=True)
    log_p = z - m - np.log(np.exp(z - m).sum(1, keepdims=True)); R = np.exp(log_p) - Y
    return -(log_p * Y).sum() + data['strength'] / 2 * (W ** 2).sum(), np.r_[(R.T @ Z + data['strength'] * W).ravel(), R.sum(0)]
r = minimize(f, np.zeros(k * d + k), jac=True, method='L-BFGS-B', options=dict(maxiter=5000, gtol=1e-9, ftol=1e-15))
W = r.x[:k * d].reshape(k, d) / scale
answer = W.ravel().tolist() + (r.x[k * d:] - W @ mean).tolist()`,
      { features: [...TRAINING.features], dimension: 12, labels: [...TRAINING.labels], strength },
    );

    const distance = numbersOf(head).map((value, at) => Math.abs(value - Number((reference as number[])[at])));
    expect(Math.max(...distance)).toBeLessThan(2e-3);
  });
});

describe('trainHeadByEpochs', () => {
  it('comes close to the optimum, the same way for the same seed', async () => {
    const options = { classes: 4, epochs: 12, batchSize: 32, learningRate: 0.1, strength: 10, workers: 1, seed: 4 };
    const fitted = await fitHead(TRAINING, { classes: 4, strengths: [10], workers: 1 });
    const epochs: TrainingProgress[] = [];

    const trained = await trainHeadByEpochs(TRAINING, { ...options, onProgress: (event) => epochs.push(event) });

    expect(penalisedLoss(trained.head, TRAINING, 10)).toBeLessThan(penalisedLoss(fitted.head, TRAINING, 10) * 1.02);
    expect(trained).toMatchObject({ iterations: 12, converged: true, crossValidation: [] });
    expect(epochs).toHaveLength(12);
    expect(epochs.at(-1)?.loss).toBeLessThan(epochs[0]?.loss ?? 0);
    expect(await trainHeadByEpochs(TRAINING, options)).toEqual(trained);
    expect((await trainHeadByEpochs(TRAINING, { ...options, seed: 5 })).head).not.toEqual(trained.head);
  });

  it('gives what there is when it is stopped', async () => {
    const stopping = new AbortController();
    const trained = await trainHeadByEpochs(TRAINING, {
      classes: 4,
      workers: 1,
      signal: stopping.signal,
      onProgress: ({ done }) => done === 2 && stopping.abort(),
    });

    expect(trained).toMatchObject({ iterations: 2, converged: false });
    expect(await accuracyOf(trained.head, TRAINING)).toBeGreaterThan(0.5);
  });

  it.each([{ epochs: 0 }, { batchSize: 0 }, { learningRate: 0 }, { momentum: 1 }, { strength: -1 }])(
    'refuses %j',
    async (nonsense) => {
      await expect(trainHeadByEpochs(TRAINING, { classes: 4, ...nonsense })).rejects.toThrow(RangeError);
    },
  );
});
