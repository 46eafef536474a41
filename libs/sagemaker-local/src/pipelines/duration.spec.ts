import { durationMs } from './duration';

const HOUR = 60 * 60 * 1000;

it.each([
  ['P30D', 30 * 24 * HOUR],
  ['PT1H', HOUR],
  ['P1DT6H30M', 30.5 * HOUR],
  ['P2W', 14 * 24 * HOUR],
  ['P1M', 30 * 24 * HOUR],
  ['P1Y', 365 * 24 * HOUR],
  ['PT30M', HOUR / 2],
  ['PT5S', 5000],
  ['30d', 30 * 24 * HOUR],
  ['T16m', (16 / 60) * HOUR],
  ['30dT5h', 30 * 24 * HOUR + 5 * HOUR],
])('%s lasts %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

it.each(['', 'P', 'PT', 'P1', 'P1H', '5', 'P-1D', 'a day', 'P1DT'])('"%s" is no duration', (text) => {
  expect(durationMs(text)).toBeUndefined();
});
