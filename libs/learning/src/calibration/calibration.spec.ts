import { SKETCH_DIMENSIONS } from '@app/contracts/sagemaker';
import { logLoss, softmaxRows, TopPredictions } from '../metrics';
import { syntheticFeatures } from '../testing';
import { featureSketch } from '../sketch';
import { driftBaseline } from './drift-baseline';
import { classPrototypes } from './feature-statistics';
import { fitTemperature } from './temperature';
import { chooseUncertainThreshold, chooseUnknownThreshold } from './thresholds';

describe('fitTemperature', () => {
  // Of ten images with logits (z, 0), seven are of the first class: the best probability is 0.7.
  const labels = Uint32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
  const logitsOf = (first: number, count = 10) =>
    Float32Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? first : 0));
  /** The imagined image is as likely to be of either class. */
  const best = (7 + 0.5) / 11;

  it('gives scores as high as the share that is right', () => {
    const temperature = fitTemperature(logitsOf(5), labels, 2);

    expect(1 / (1 + Math.exp(-5 / temperature))).toBeCloseTo(best, 6);
  });

  it('undoes any scale of the logits, and lowers the loss', () => {
    const one = fitTemperature(logitsOf(2), labels, 2);
    const three = fitTemperature(logitsOf(6), labels, 2);

    expect(three / one).toBeCloseTo(3, 5);
    const lossAt = (temperature: number) => logLoss(softmaxRows(logitsOf(6), 2, temperature), labels, 2);
    expect(lossAt(three)).toBeLessThan(lossAt(1));
  });

  it('does not become certain because few images had no mistake', () => {
    const temperature = fitTemperature(logitsOf(5, 7), labels.subarray(0, 7), 2);

    expect(1 / (1 + Math.exp(-5 / temperature))).toBeCloseTo(7.5 / 8, 6);
  });

  it('stays in its range, and is 1 without images', () => {
    expect(fitTemperature(logitsOf(-5, 7), labels.subarray(0, 7), 2)).toBeCloseTo(20, 5);
    expect(fitTemperature(new Float32Array(), new Uint32Array(), 2)).toBe(1);
  });
});

describe('chooseUncertainThreshold', () => {
  const confidence = Float64Array.of(0.95, 0.9, 0.8, 0.7, 0.6, 0.5);

  it('answers as many images as the wanted accuracy allows', () => {
    const isRight = [true, true, true, false, true, false];

    expect(chooseUncertainThreshold(confidence, isRight, 0.99)).toEqual({
      threshold: 0.8,
      reached: true,
      coverage: 0.5,
      accuracy: 1,
    });
    expect(chooseUncertainThreshold(confidence, isRight, 0.8)).toMatchObject({ threshold: 0.6, reached: true });
    expect(chooseUncertainThreshold(confidence, isRight, 0.5)).toMatchObject({ threshold: 0.5, coverage: 1 });
  });

  it('answers half of the images when the accuracy cannot be reached, and says so', () => {
    const isRight = [true, false, true, true, true, true];

    expect(chooseUncertainThreshold(confidence, isRight, 0.99)).toEqual({
      threshold: 0.8,
      reached: false,
      coverage: 0.5,
      accuracy: expect.closeTo(2 / 3, 12),
    });
  });

  it('keeps the image that set it, though it is written with six decimals', () => {
    const { threshold, coverage } = chooseUncertainThreshold(Float64Array.of(0.12345678), [true], 0.99);

    expect({ threshold, coverage }).toEqual({ threshold: 0.123456, coverage: 1 });
  });
});

describe('chooseUnknownThreshold', () => {
  it('lets the wanted share of known images pass', () => {
    const scores = Float32Array.from({ length: 101 }, (_, at) => at);

    expect(chooseUnknownThreshold(scores, 0.05)).toEqual({ threshold: 95, falseAlarms: 5 / 101 });
    expect(chooseUnknownThreshold(scores, 0)).toEqual({ threshold: 100, falseAlarms: 0 });
  });
});

describe('classPrototypes', () => {
  it('are the means of the classes and the variance around them', () => {
    const features = Float32Array.of(1, 10, 3, 10, 11, 0, 13, 2);
    const set = { features, dimension: 2, labels: Uint32Array.of(0, 0, 1, 1) };

    const { means, variance } = classPrototypes(set, 3);

    expect([...means]).toEqual([2, 10, 12, 1, 7, 5.5]); // no image of the third: the mean of all
    expect([...variance]).toEqual([1, 0.5]);
  });

  it('do not let a feature that never varies decide', () => {
    const set = { features: Float32Array.of(1, 5, 3, 5), dimension: 2, labels: Uint32Array.of(0, 0) };

    expect([...classPrototypes(set, 1).variance]).toEqual([1, expect.closeTo(0.0005, 9)]);
    const still = { features: Float32Array.of(5, 5), dimension: 1, labels: Uint32Array.of(0, 1) };
    expect([...classPrototypes(still, 2).variance]).toEqual([1]);
  });
});

describe('driftBaseline', () => {
  it('is what monitoring compares with, in JSON', () => {
    const validation = { features: Float32Array.of(1, 0, 3, 0, 1, 4, 3, 4), dimension: 2 };
    const top: TopPredictions = {
      predicted: Uint32Array.of(0, 0, 1, 0),
      confidence: Float64Array.of(1, 0.95, 0.55, 0.3),
    };

    const facts = { validation, top, outOfSet: Float32Array.of(1, 2, 3, 4), labels: ['a', 'b', 'c'] };

    const { sketch, ...baseline } = driftBaseline(facts);

    expect(sketch).toBeDefined();
    expect(JSON.parse(JSON.stringify(baseline))).toEqual({
      images: 4,
      featureMean: [2, 2],
      featureVariance: [1, 4],
      labelShares: { a: 0.75, b: 0.25, c: 0 },
      scoreHistogram: [0, 0, 0, 0.25, 0, 0.25, 0, 0, 0, 0.5],
      outOfSetDeciles: [1.3, 1.6, 1.9, 2.2, 2.5, 2.8, 3.1, 3.4, 3.7],
    });
    expect(driftBaseline({ ...facts, outOfSet: new Float32Array() })).not.toHaveProperty('outOfSetDeciles');
  });

  it('has mean and covariance of the sketches', () => {
    const rows = [
      [1, 0],
      [3, 0],
      [1, 4],
      [3, 4],
    ];
    const validation = { features: Float32Array.from(rows.flat()), dimension: 2 };
    const sketches = rows.map((row) => featureSketch(Float32Array.from(row)));
    const meanOf = (valueOf: (sketch: number[]) => number) =>
      sketches.reduce((sum, sketch) => sum + valueOf(sketch) / rows.length, 0);
    const top = { predicted: new Uint32Array(4), confidence: new Float64Array(4) };

    const { sketch } = driftBaseline({ validation, top, outOfSet: new Float32Array(), labels: ['a'] });

    expect([sketch?.mean.length, sketch?.covariance.length]).toEqual([SKETCH_DIMENSIONS, SKETCH_DIMENSIONS ** 2]);
    for (const [row, column] of [
      [0, 0],
      [3, 8],
      [31, 2],
    ] as const) {
      const means = [row, column].map((at) => meanOf((values) => values[at] ?? NaN));
      expect(sketch?.mean[row]).toBeCloseTo(means[0] ?? NaN, 4);
      expect(sketch?.covariance[row * SKETCH_DIMENSIONS + column]).toBeCloseTo(
        meanOf((values) => ((values[row] ?? NaN) - (means[0] ?? NaN)) * ((values[column] ?? NaN) - (means[1] ?? NaN))),
        3,
      );
    }
  });

  it('has the deciles of the images where they are known', () => {
    const values = (scale: number) => Float32Array.from({ length: 11 }, (_, at) => at * scale);
    const properties = { brightness: values(1), contrast: values(2), sharpness: values(3), megapixels: values(4) };
    const facts = {
      validation: { features: new Float32Array(11), dimension: 1 },
      top: { predicted: new Uint32Array(11), confidence: new Float64Array(11) },
      outOfSet: new Float32Array(),
      labels: ['a'],
    };

    expect(driftBaseline({ ...facts, properties }).imageDeciles).toEqual({
      brightness: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      contrast: [2, 4, 6, 8, 10, 12, 14, 16, 18],
      sharpness: [3, 6, 9, 12, 15, 18, 21, 24, 27],
      megapixels: [4, 8, 12, 16, 20, 24, 28, 32, 36],
    });
    expect(driftBaseline(facts)).not.toHaveProperty('imageDeciles');
  });

  it('stays small: five digits', () => {
    const { features, dimension } = syntheticFeatures({
      classes: 2,
      dimension: 3,
      perClass: 9,
      separation: 1,
      seed: 1,
    });
    const top = { predicted: new Uint32Array(18), confidence: new Float64Array(18).fill(0.5) };

    const baseline = driftBaseline({
      validation: { features, dimension },
      top,
      outOfSet: new Float32Array(),
      labels: ['a'],
    });
    for (const value of baseline.featureMean) {
      expect(`${Math.abs(value)}`.replace('0.', '').length).toBeLessThanOrEqual(7);
    }
  });
});
