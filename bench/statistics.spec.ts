import { median, quantile, slope, spread } from './statistics';

describe('statistics', () => {
  it('find the middle of an odd and of an even number of values, in any order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('interpolate between the neighbours of a quantile', () => {
    expect(quantile([0, 10, 20, 30, 40], 0.99)).toBeCloseTo(39.6);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('tell how far values spread', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  });

  it('find the slope of a line in spite of an outlier', () => {
    const points = Array.from({ length: 20 }, (_, x) => [x, 2 * x + 1] as const);
    expect(slope([...points, [20, 500]])).toBeCloseTo(2);
  });
});
