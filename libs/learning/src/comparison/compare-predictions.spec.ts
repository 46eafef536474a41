import { TestPrediction } from '@app/contracts/learning';
import { comparePredictions, mcNemarExact } from './compare-predictions';

const prediction = (image: number, label: string, predicted: string, score = 0.9): TestPrediction => ({
  path: `${label}/${image}.jpg`,
  sha256: `${image}`,
  label,
  predicted,
  score,
  decision: 'label',
});

describe('comparePredictions', () => {
  const first = [prediction(1, 'rose', 'rose'), prediction(2, 'rose', 'tulip'), prediction(3, 'tulip', 'tulip')];

  it('finds no difference between a model and itself, whatever the order of the images', () => {
    expect(comparePredictions(first, [...first].reverse())).toEqual({
      images: 3,
      onlyFirstRight: 0,
      onlySecondRight: 0,
      pValue: 1,
      differentAnswers: 0,
      largestScoreDifference: 0,
      perClass: [],
    });
  });

  it('tells what changed, for which class', () => {
    const second = [prediction(1, 'rose', 'rose', 0.8), prediction(2, 'rose', 'rose'), prediction(3, 'tulip', 'rose')];
    const changes = comparePredictions(first, second);
    expect(changes).toMatchObject({ onlyFirstRight: 1, onlySecondRight: 1, differentAnswers: 2, pValue: 1 });
    expect(changes.largestScoreDifference).toBeCloseTo(0.1);
    expect(changes.perClass).toEqual([
      { label: 'tulip', firstRecall: 1, secondRecall: 0 },
      { label: 'rose', firstRecall: 0.5, secondRecall: 1 },
    ]);
  });

  it('refuses answers to other images', () => {
    expect(() => comparePredictions(first, first.slice(1))).toThrow(RangeError);
    expect(() => comparePredictions(first, [...first.slice(1), prediction(9, 'rose', 'rose')])).toThrow(RangeError);
    expect(() => comparePredictions(first, [...first.slice(1), prediction(1, 'tulip', 'rose')])).toThrow(RangeError);
  });
});

describe('mcNemarExact', () => {
  // scipy.stats.binomtest(k, n, 0.5).pvalue
  it.each([
    [0, 0, 1],
    [3, 3, 1],
    [0, 5, 0.0625],
    [2, 10, 0.038574218749999986],
    [700, 600, 0.0060157938610449395],
  ])('of %i against %i', (a, b, expected) => {
    expect(mcNemarExact(a, b)).toBeCloseTo(expected, 10);
    expect(mcNemarExact(b, a)).toBeCloseTo(expected, 10);
  });
});
