import { linearScale, roundedUp, ticksOf } from './plot';

describe('linearScale', () => {
  it('maps a domain to a range, and keeps what is outside at its ends', () => {
    const scale = linearScale([0.5, 1], [100, 0]);
    expect([0.4, 0.5, 0.75, 1, 2].map(scale)).toEqual([100, 100, 50, 0, 0]);
  });
});

describe('ticksOf', () => {
  it.each([
    { domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    { domain: [0.5, 1], ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1] },
    { domain: [0, 0.04], ticks: [0, 0.01, 0.02, 0.03, 0.04] },
    { domain: [0.9, 1], ticks: [0.9, 0.92, 0.94, 0.96, 0.98, 1] },
  ] as const)('divides $domain roundly', ({ domain, ticks }) => {
    expect(ticksOf(domain).map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
  });
});

describe('roundedUp', () => {
  it.each([
    [0.01, 0.01],
    [0.031, 0.04],
    [0.07, 0.08],
    [0.34, 0.4],
    [1, 1],
  ])('ends an axis for %d at %d', (share, end) => {
    expect(roundedUp(share)).toBeCloseTo(end, 9);
  });
});
