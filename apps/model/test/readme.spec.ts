// The tables of the README that are about training, compared with what they are about.
import { Hyperparameter, HYPERPARAMETERS, metricExpression, TRAINING_METRICS } from '@app/contracts/learning';
import { PRODUCT_ROOT } from '@app/platform/product';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedWords } from '../src/training/hyperparameters';

const README = readFileSync(join(PRODUCT_ROOT, 'apps', 'model', 'README.md'), 'utf8');

/** Cells of the first table below a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = README.split(`\n### ${heading}\n`);
  const [table = ''] = /^(\|.*\n)+/m.exec(section) ?? [];
  const rows = table.trimEnd().split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('lists every hyperparameter with its default, what is allowed, and its meaning', () => {
  const parameters: readonly Hyperparameter[] = HYPERPARAMETERS;

  expect(tableUnder('Hyperparameters')).toEqual(
    parameters.map((parameter) => [
      `\`${parameter.name}\``,
      parameter.default === undefined ? 'required' : `\`${parameter.default}\``,
      allowedWords(parameter),
      parameter.meaning,
    ]),
  );
});

it('lists every metric with the expression that finds it', () => {
  expect(tableUnder('What it says')).toEqual(
    TRAINING_METRICS.map(({ name, meaning }) => [`\`${name}\``, `\`${metricExpression(name)}\``, meaning]),
  );
});
