import { decide } from './decide';

const thresholds = { uncertain: 0.5, unknown: -4 };

describe('decide', () => {
  it('gives a label from the threshold on', () => {
    expect(decide(0.5, -10, thresholds)).toBe('label');
    expect(decide(0.49, -10, thresholds)).toBe('uncertain');
  });

  it('gives unknown for an image unlike the training data, however sure the softmax is', () => {
    expect(decide(0.99, -3.9, thresholds)).toBe('unknown');
    expect(decide(0.99, -4, thresholds)).toBe('label');
  });

  it('does without a test for unknown images when the model brings none', () => {
    expect(decide(0.99, undefined, thresholds)).toBe('label');
    expect(decide(0.99, 100, { uncertain: 0.5 })).toBe('label');
  });
});
