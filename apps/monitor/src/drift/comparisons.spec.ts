import { compareHistograms } from './compare-histograms';
import { MeanComparison } from './compare-means';
import { DecileCells } from './deciles';
import { chiSquaredTail, fTail } from './tail-probability';

const exactly = (...shares: number[]) => shares.map((share) => ({ low: share, high: share }));

describe('tail probabilities', () => {
  it.each([
    [50, 9, 1.0772382022574693e-7],
    [28.29, 2, 7.19e-7],
    [3.84, 1, 0.0500435],
  ])('of chi-squared %d with %d degrees of freedom are those of SciPy', (statistic, degrees, expected) => {
    expect(chiSquaredTail(statistic, degrees) / expected).toBeCloseTo(1, 3);
  });

  it.each([
    [3, 32, 268, 6.610622429730038e-7],
    [2, 5, 50, 0.09475290203009946],
    [10, 32, 1e5, 3.906618716659797e-49],
  ])('of F %d with %d and %d degrees of freedom are those of SciPy', (statistic, upper, lower, expected) => {
    expect(fTail(statistic, upper, lower) / expected).toBeCloseTo(1, 4);
  });
});

describe('compareHistograms', () => {
  it('is the chi-squared test of homogeneity of two samples', () => {
    // scipy.stats.chi2_contingency([[60, 40], [100, 200]], correction=False): 22.2222, p 2.4279e-06
    const { pValue } = compareHistograms([60, 40], exactly(1 / 3, 2 / 3), 300);

    expect(pValue / 2.4279e-6).toBeCloseTo(1, 2);
  });

  it('gives the population stability index, less what chance makes of it', () => {
    const { score } = compareHistograms([60_000, 40_000], exactly(0.5, 0.5), 100_000);

    expect(score).toBeCloseTo(0.1 * Math.log(0.6 / 0.5) - 0.1 * Math.log(0.4 / 0.5), 3);
  });

  it('says where the values have gone', () => {
    expect(compareHistograms([90, 10], exactly(0.5, 0.5), 100).direction).toBe('less');
    expect(compareHistograms([10, 90], exactly(0.5, 0.5), 100).direction).toBe('more');
  });

  it('joins cells with few images, and has nothing to say of one', () => {
    expect(compareHistograms([1, 0, 1, 198], exactly(0.01, 0, 0.01, 0.98), 200).pValue).toBe(1);
    expect(compareHistograms([100], exactly(1), 100)).toMatchObject({ score: 0, pValue: 1 });
  });

  it('holds against the baseline only what it tells for certain', () => {
    const unsure = [
      { low: 0, high: 0.1 },
      { low: 0.8, high: 1 },
      { low: 0, high: 0.1 },
    ];

    expect(compareHistograms([0, 500, 0], unsure, 300)).toMatchObject({ score: 0, pValue: 1 });
    expect(compareHistograms([0, 0, 500], unsure, 300).pValue).toBeLessThan(1e-12);
  });
});

describe('DecileCells', () => {
  it('are ten of a tenth', () => {
    const cells = new DecileCells([1, 2, 3, 4, 5, 6, 7, 8, 9], false);

    expect(cells.shares).toEqual(exactly(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1));
    expect([0, 1, 1.5, 9, 10].map((value) => cells.cellOf(value))).toEqual([0, 0, 1, 8, 9]);
  });

  it('give a value that several deciles share a cell of its own, of which only a range is known', () => {
    const cells = new DecileCells([1, 2, 2, 2, 5, 6, 7, 8, 9], false);

    expect([1, 1.5, 2, 2.5, 5, 5.5].map((value) => cells.cellOf(value))).toEqual([0, 1, 2, 3, 3, 4]);
    expect(cells.shares.slice(0, 5).map(({ low, high }) => [low, high].map((each) => Number(each.toFixed(3))))).toEqual(
      [
        [0.1, 0.1],
        [0, 0.1],
        [0.2, 0.4],
        [0, 0.1],
        [0.1, 0.1],
      ],
    );
  });

  it('work where all images were the same', () => {
    const cells = new DecileCells(new Array<number>(9).fill(0.0655), true);

    expect([0.01, 0.0655, 12].map((value) => cells.cellOf(value))).toEqual([0, 1, 2]);
    expect(cells.shares[1]?.low).toBeCloseTo(0.8);
  });
});

describe('MeanComparison', () => {
  const identity = { mean: [0, 0, 0], covariance: [1, 0, 0, 0, 1, 0, 0, 0, 1] };

  it('measures in standard deviations of the baseline', () => {
    const comparison = MeanComparison.of({ mean: [0, 0], covariance: [4, 0, 0, 9] }, 100_000);

    expect(comparison?.compare([2 * 50_000, 0], 50_000).score).toBeCloseTo(1, 2);
    expect(comparison?.compare([0, 3 * 50_000], 50_000).score).toBeCloseTo(1, 2);
  });

  it('compares fewer directions by a small baseline, and none by a tiny one', () => {
    expect(MeanComparison.of(identity, 100)?.dimension).toBe(3);
    expect(MeanComparison.of(identity, 12)?.dimension).toBe(2);
    expect(MeanComparison.of(identity, 9)).toBeUndefined();
  });

  it('refuses a baseline that does not vary', () => {
    expect(MeanComparison.of({ mean: [0, 0], covariance: [0, 0, 0, 0] }, 1000)).toBeUndefined();
  });
});
