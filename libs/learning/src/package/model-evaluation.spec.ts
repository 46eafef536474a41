import { evaluate } from '../metrics';
import { modelEvaluation } from './model-evaluation';

/** Logits of which the predicted class has 2 and the others 0, so that every top score is the same. */
function evaluationOf(labels: readonly number[], predicted: readonly number[], classes: number) {
  const logits = new Float32Array(labels.length * classes);
  predicted.forEach((label, row) => (logits[row * classes + label] = 2));
  return evaluate({ logits, labels: Uint32Array.from(labels), classes, temperature: 1, uncertain: 0.5 });
}

const ids = (classes: number) => Array.from({ length: classes }, (_, index) => ({ id: `label-${index}` }));

describe('modelEvaluation', () => {
  it('names the pairs by their ids, the most frequent first, and gives a small matrix whole', () => {
    const evaluation = modelEvaluation(evaluationOf([0, 0, 0, 0, 1, 1, 2], [0, 1, 1, 2, 1, 0, 2], 3), ids(3), 'test');
    expect(evaluation).toMatchObject({ measuredOn: 'test', images: 7 });
    expect(evaluation.confusedPairs).toEqual([
      { actual: 'label-0', predicted: 'label-1', images: 2, share: 0.5 },
      { actual: 'label-1', predicted: 'label-0', images: 1, share: 0.5 },
      { actual: 'label-0', predicted: 'label-2', images: 1, share: 0.25 },
    ]);
    expect(evaluation.confusion).toEqual([
      [1, 2, 1],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(evaluation.reliability.reduce((sum, { images }) => sum + images, 0)).toBe(7);
    const sure = Math.exp(2) / (Math.exp(2) + 2);
    expect(evaluation.reliability.map(({ confidence }) => confidence)).toEqual(
      evaluation.reliability.map(() => Number(sure.toFixed(4))),
    );
  });

  it('keeps to the size of a page for many labels', () => {
    const labels = Array.from({ length: 200 }, (_, index) => index);
    const evaluation = modelEvaluation(
      evaluationOf(
        labels,
        labels.map((label) => (label + 1) % 200),
        200,
      ),
      ids(200),
      'validation',
    );
    expect(evaluation.confusion).toBeUndefined();
    expect(evaluation.confusedPairs).toHaveLength(50);
    expect(JSON.stringify(evaluation).length).toBeLessThan(8000);
  });
});
