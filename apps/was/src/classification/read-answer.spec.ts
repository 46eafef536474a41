import { ModelAnswer } from '@app/contracts/sagemaker';
import { readAnswer } from './read-answer';

const named = (label: string, score: number) => ({ label, name: { en: label }, score });

describe('readAnswer', () => {
  it("takes this project's own answer as it is", () => {
    const answer: ModelAnswer = {
      model: { name: 'flowers', version: '1.2.0' },
      predictions: [{ label: 'astilbe', name: { en: 'astilbe', ko: '노루오줌' }, score: 0.9 }],
      thresholds: { uncertain: 0.5, unknown: -4 },
      outOfSetScore: -9,
    };

    expect(readAnswer(answer, 5)).toEqual(answer);
  });

  it('reads Hugging Face lists, best first, and no more than are asked for', () => {
    const answer = [
      { label: 'dog', score: 0.2 },
      { label: 'cat', score: 0.7 },
      { label: 'fox', score: 0.1 },
    ];

    expect(readAnswer(answer, 2)).toEqual({ predictions: [named('cat', 0.7), named('dog', 0.2)] });
    expect(readAnswer([answer], 1)).toEqual({ predictions: [named('cat', 0.7)] });
  });

  it('reads JumpStart probabilities with their labels', () => {
    const answer = { probabilities: [0.1, 0.9], labels: ['cat', 'dog'], predicted_label: 'dog' };

    expect(readAnswer(answer, 5)).toEqual({ predictions: [named('dog', 0.9), named('cat', 0.1)] });
  });

  it.each([
    ['a bare array', [0.1, 0.9]],
    ['a batch of one', [[0.1, 0.9]]],
    ['TensorFlow Serving predictions', { predictions: [[0.1, 0.9]] }],
  ])('reads %s, with configured names or positions', (_, answer) => {
    expect(readAnswer(answer, 1)).toEqual({ predictions: [named('1', 0.9)] });
    expect(readAnswer(answer, 1, ['cat', 'dog'])).toEqual({ predictions: [named('dog', 0.9)] });
  });

  it.each([
    ['a text', 'cat'],
    ['an empty list', []],
    ['an empty object', {}],
    ['scores that are no probabilities', [3.2, -1]],
    ['labels without scores', [{ label: 'cat' }]],
    ['only a label', { predicted_label: 'cat' }],
    ['an answer of ours without predictions', { model: { name: 'm', version: '1' }, thresholds: {}, predictions: [] }],
  ])('refuses %s', (_, answer) => {
    expect(() => readAnswer(answer, 5)).toThrow(expect.objectContaining({ code: 'bad-model-answer' }));
  });
});
