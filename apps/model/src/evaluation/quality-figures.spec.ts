import { thinned } from './quality-figures';

describe('thinned', () => {
  const points = Array.from({ length: 1000 }, (_, at) => at);

  it('leaves a short curve as it is', () => {
    expect(thinned(points.slice(0, 200), 200)).toEqual(points.slice(0, 200));
  });

  it('keeps both ends, and points at even distances between', () => {
    const kept = thinned(points, 200);

    expect(kept).toHaveLength(200);
    expect([kept[0], kept.at(-1)]).toEqual([0, 999]);
    expect(new Set(kept.slice(1).map((point, at) => point - (kept[at] ?? 0)))).toEqual(new Set([5, 6]));
  });
});
