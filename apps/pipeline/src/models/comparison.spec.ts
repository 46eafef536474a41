import { predictions, evaluation } from '../../test/support/evaluations';
import { compareVersions, TestedVersion } from './compare-versions';
import { comparisonLines } from './comparison-lines';

function tested(number: number, wrong: readonly number[], images = 40, testHash?: string): TestedVersion {
  const accuracy = 1 - wrong.length / images;
  return {
    version: {
      ...{ number, approval: 'approved', created: new Date(0), arn: '', state: 'ready', modelUri: '', image: '' },
      metadata: {},
    },
    evaluation: evaluation({ accuracy }),
    predictions: predictions(images, wrong, testHash),
  };
}

const linesOf = (first: TestedVersion, second: TestedVersion) =>
  comparisonLines(compareVersions(first, second)).join('\n');
const from = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i);

it('says when there is no difference at all', () => {
  expect(linesOf(tested(1, [3]), tested(2, [3]))).toContain(
    'No difference: both give the same answers to all 40 images.',
  );
});

it('says when a difference could be chance, and on which images it is', () => {
  const text = linesOf(tested(1, [2, 4]), tested(2, [4, 5, 7]));
  expect(text).toContain(
    'No difference that could not be chance: of 40 images, only version 1 is right for 2, only version 2 for 1 (p = 1.000).',
  );
  expect(text).toMatch(/Only version 1 is right:\n +image +first says +second says\n +tulip\/5\.jpg +tulip +rose/);
  expect(text).toMatch(/Only version 2 is right:\n[^\n]*\n +rose\/2\.jpg +tulip +rose$/);
});

it('says which is better when it could hardly be chance, with the classes that changed', () => {
  const text = linesOf(tested(1, from(0, 20)), tested(2, []));
  expect(text).toContain('Version 2 is better: of 40 images, only version 1 is right for 0, only version 2 for 20.');
  expect(text).toContain('(p < 0.0001)');
  expect(text).toMatch(/class +version 1 +version 2 +change\n +rose +50\.0 % +100\.0 % +\+50\.0/);
  expect(text).toContain('and 10 more (--json lists all)');
});

it('compares nothing when the images were others, and shows both figures', () => {
  const text = linesOf(tested(1, [1, 2]), tested(2, [], 30, 'other'));
  expect(text).toContain('cannot be compared directly');
  expect(text).toMatch(/1 +95\.0 %/);
  expect(text).toMatch(/2 +100\.0 %/);
  expect(text).not.toMatch(/better|chance/);
});
