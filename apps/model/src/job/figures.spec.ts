import { count, percent } from './figures';

it('counts as people do', () => {
  expect([count(1, 'image'), count(1821, 'image'), count(2, 'class', 'classes')]).toEqual([
    '1 image',
    '1,821 images',
    '2 classes',
  ]);
});

it('shows shares with one decimal', () => {
  expect([percent(0.9666), percent(1)]).toEqual(['96.7 %', '100.0 %']);
});
