import { PROBLEM_CATALOGUE, ProblemCode } from '@app/contracts';
import { nextSteps } from './next-steps';
import { exampleOf } from './problem-examples';

const codes = Object.keys(PROBLEM_CATALOGUE) as ProblemCode[]; // the keys of a constant
const steps = (code: ProblemCode, isForm = false) => nextSteps(exampleOf(code), isForm);

describe('nextSteps', () => {
  it('offers the page again where time helps, and never a form, which a link would send empty', () => {
    expect(steps('overloaded')).toEqual(['again', 'see-status', 'tell-operator']);
    expect(steps('overloaded', true)).toEqual(['go-back', 'see-status', 'tell-operator']);
    expect(steps('too-many-requests')).toEqual(['again']);
    for (const code of codes) expect(steps(code, true)).not.toContain('again');
  });

  it('asks for a change where a change helps', () => {
    expect(steps('invalid-parameter', true)).toEqual(['mend']);
    expect(steps('feedback-exists', true)).toEqual([]);
    expect(steps('bad-model-answer')).toEqual(['see-status', 'tell-operator']);
  });

  it('knows what a service without a model needs', () => {
    expect(steps('model-missing')).toEqual(['again', 'see-model-status', 'be-operator']);
  });

  it('tells programs where they can read on', () => {
    expect(steps('method-not-allowed', true)).toEqual(['for-programs']);
    expect(steps('not-found')).toEqual([]);
  });

  it('names somebody to tell for whatever is our fault', () => {
    const ours = codes.filter((code) => exampleOf(code).status >= 500);
    for (const code of ours) expect(steps(code).some((step) => /operator/.test(step))).toBe(true);
  });
});
