import { clock, duration, enumerate, percentRange, small } from './figures';
import { facts, table, width } from './table';

describe('figures', () => {
  it.each([
    [400, '0.4 s'],
    [59_900, '59.9 s'],
    [59_960, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [7_380_000, '2 h 03 min'],
    [3_599_600, '1 h 00 min'],
  ])('a duration of %i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [0, '0:00'],
    [67_000, '1:07'],
    [3_723_000, '1:02:03'],
  ])('a clock after %i ms shows %s', (ms, text) => expect(clock(ms)).toBe(text));

  it.each([
    [0, '0'],
    [0.000123, '0.00012'],
    [1e-9, 'under 0.000001'],
  ])('%d is written %s', (value, text) => expect(small(value)).toBe(text));

  it('ranges and lists read like sentences', () => {
    expect(percentRange({ low: 0.945, high: 0.9812 })).toBe('94.5 to 98.1 %');
    expect([['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => enumerate(words))).toEqual([
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('tables', () => {
  it('put numbers under each other by their ends, and wide letters where they end', () => {
    expect(
      table(
        [{ title: 'name' }, { title: 'n', align: 'right' }],
        [
          ['장미', '5'],
          ['tulip', '12'],
        ],
      ),
    ).toEqual(['name    n', '장미    5', 'tulip  12']);
    expect(width('장미 a')).toBe(6);
  });

  it('leave out facts that nobody knows', () => {
    expect(
      facts([
        ['a', '1'],
        ['long name', undefined],
        ['b', '2'],
      ]),
    ).toEqual(['a  1', 'b  2']);
  });
});
