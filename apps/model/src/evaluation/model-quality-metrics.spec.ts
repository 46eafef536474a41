import { modelQualityMetrics } from './model-quality-metrics';

const outcome = (pairs: readonly (readonly [actual: number, predicted: number])[]) => ({
  labels: Uint32Array.from(pairs, ([actual]) => actual),
  predicted: Uint32Array.from(pairs, ([, predicted]) => predicted),
});
const IDS = ['ant', 'bee', 'cat', 'dog'];

describe('modelQualityMetrics', () => {
  // Precision and recall: ant 2/3 and 2/3, bee 1/3 and 1/2, cat 0 and 0; shares 1/2, 1/3 and 1/6.
  const small = outcome([
    [0, 0],
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
    [2, 1],
  ]);

  it('weighs the classes by their images', () => {
    const metrics = modelQualityMetrics(small, IDS, 0);

    const values = Object.entries(metrics).flatMap(([name, metric]) =>
      name === 'confusion_matrix' ? [] : [[name, (metric as { value: number }).value]],
    );
    expect(Object.fromEntries(values)).toEqual({
      accuracy: expect.closeTo(0.5, 10),
      weighted_recall: expect.closeTo(0.5, 10),
      weighted_precision: expect.closeTo(0.5 * (2 / 3) + 1 / 9, 10),
      weighted_f0_5: expect.closeTo(0.5 * (2 / 3) + (1 / 3) * (1.25 / 3 / 2 / (0.25 / 3 + 0.5)), 10),
      weighted_f1: expect.closeTo(0.5 * (2 / 3) + (1 / 3) * 0.4, 10),
      weighted_f2: expect.closeTo(0.5 * (2 / 3) + (1 / 3) * (5 / 3 / 2 / (4 / 3 + 0.5)), 10),
    });
  });

  it('names actual and predicted labels, and leaves out those that are neither', () => {
    expect(modelQualityMetrics(small, IDS, 0).confusion_matrix).toEqual({
      ant: { ant: 2, bee: 1, cat: 0 },
      bee: { ant: 1, bee: 1, cat: 0 },
      cat: { ant: 0, bee: 1, cat: 0 },
    });
  });

  it('gives standard deviations from 200 images on, the same for the same seed', () => {
    const many = (count: number) =>
      outcome(Array.from({ length: count }, (_, at) => [at % 3, at % 7 === 0 ? 3 : at % 3]));
    const accuracyOf = (count: number, seed: number) => modelQualityMetrics(many(count), IDS, seed).accuracy;

    expect(accuracyOf(199, 1).standard_deviation).toBe('NaN');
    const { standard_deviation: deviation } = accuracyOf(200, 1);
    // Of samples of 160 out of 200 with 14 % wrong: 0.012 on average.
    expect(deviation).toBeGreaterThan(0.002);
    expect(deviation).toBeLessThan(0.03);
    expect(accuracyOf(200, 1)).toEqual(accuracyOf(200, 1));
    expect(accuracyOf(200, 2)).not.toEqual(accuracyOf(200, 1));
  });
});
