import { counted, dayOf, percent, points, pValue, signedPoints } from './number-texts';

describe('percent', () => {
  it.each([
    [0, '0.0 %'],
    [0.0001, '<0.1 %'],
    [0.0005, '0.1 %'],
    [0.9696, '97.0 %'],
    [0.9996, '>99.9 %'],
    [1, '100.0 %'],
  ])('shows %d as %s: nothing and all only where it is so', (share, shown) => {
    expect(percent(share)).toBe(shown.replace(' ', '\u00a0'));
  });
});

describe('other figures', () => {
  it.each([
    [points(0.0112), '1.1 points'],
    [points(0.01), '1.0 point'],
    [points(0.00001), '<0.1 points'],
    [signedPoints(0.023), '+2.3'],
    [signedPoints(-0.023), '-2.3'],
    [counted(1, 'image'), '1 image'],
    [counted(1821, 'image'), '1,821 images'],
    [counted(2, 'class', 'classes'), '2 classes'],
    [pValue(0.0312), 'p = 0.031'],
    [pValue(0.0000312), 'p < 0.001'],
    [dayOf('2026-11-23T23:59:59Z'), 'November 23, 2026'],
  ])('%s', (shown, expected) => {
    expect(shown.replaceAll('\u00a0', ' ')).toBe(expected);
  });
});
