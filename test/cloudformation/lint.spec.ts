// cfn-lint, with warnings as errors. It is no package of npm: where it is missing, this test says so and proves nothing.
import { PRODUCT_ROOT } from '@app/platform';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadTemplates } from '../../tools/cloudformation/template';

const hasLint = spawnSync('cfn-lint', ['--version']).status === 0;
if (!hasLint) console.warn('cfn-lint is not here: the templates are not linted. pip install cfn-lint');

const withLint = hasLint ? describe : describe.skip;

withLint('the templates', () => {
  it('have neither errors nor warnings for cfn-lint', () => {
    const files = loadTemplates().map(({ file }) => join('cloudformation', file));

    const { stdout, status } = spawnSync(
      'cfn-lint',
      ['--non-zero-exit-code', 'warning', '--format', 'parseable', ...files],
      {
        cwd: PRODUCT_ROOT,
        encoding: 'utf8',
      },
    );

    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  }, 120_000);
});
