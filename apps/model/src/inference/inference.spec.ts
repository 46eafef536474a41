import { classActivationMap } from './class-activation-map';
import { energy, logSumExp, softmax, topIndices } from './probabilities';

describe('softmax', () => {
  it('divides by the temperature first', () => {
    const [small, large] = softmax(Float32Array.of(0, 2), 2);

    expect(small).toBeCloseTo(1 / (1 + Math.E), 6);
    expect(large).toBeCloseTo(Math.E / (1 + Math.E), 6);
  });

  it('does not overflow', () => {
    expect([...softmax(Float32Array.of(5000, 5000, -5000), 1)]).toEqual([0.5, 0.5, 0]);
  });
});

describe('energy', () => {
  it('is -T log sum exp(logit / T)', () => {
    const logits = Float32Array.of(1, 2, 3);
    const expected = -2 * Math.log(Math.exp(0.5) + Math.exp(1) + Math.exp(1.5));

    expect(energy(logits, 2)).toBeCloseTo(expected, 6);
    expect(logSumExp(logits, 2)).toBeCloseTo(expected / -2, 6);
  });

  it('is higher where no label speaks up', () => {
    expect(energy(Float32Array.of(0, 0, 0), 1)).toBeGreaterThan(energy(Float32Array.of(9, 0, 0), 1));
  });
});

describe('topIndices', () => {
  it('gives the largest first, and of equal ones the first', () => {
    const values = Float32Array.of(0.1, 0.4, 0.1, 0.4);

    expect(topIndices(values, 3)).toEqual([1, 3, 0]);
    expect(topIndices(values, 9)).toEqual([1, 3, 0, 2]);
  });
});

describe('classActivationMap', () => {
  const featureMap = { dims: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 4, 0, 1) }; // 2 features, 3 x 1 cells
  const head = {
    input: 'features',
    classes: 2,
    features: 2,
    weights: Float32Array.of(-1, -1, 2, -1),
    bias: new Float32Array(2),
  };

  it('adds the features as the class weighs them, cuts off what is negative, and scales to 1', () => {
    // 2 * [1, 2, 3] - [4, 0, 1] = [-2, 4, 5]
    expect(classActivationMap(featureMap, head, 1)).toEqual({ width: 3, height: 1, values: [0, 0.8, 1] });
  });

  it('is zero when nothing speaks for the class', () => {
    expect(classActivationMap(featureMap, head, 0).values).toEqual([0, 0, 0]);
  });
});
