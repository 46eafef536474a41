// Tables that say what the templates say. On a difference the message holds the table as it has to be.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { money } from '../../tools/aws/cost/cost-lines';
import { monthlyCosts, total } from '../../tools/aws/cost/monthly-costs';
import { handedOverPaths, resolveGiven } from '../../tools/aws/stage/stack-parameters';
import { readStageFile } from '../../tools/aws/stage/stage-file';
import { stageNames } from '../../tools/cloudformation/stage';
import { loadTemplates } from '../../tools/cloudformation/template';

const templates = loadTemplates();

/** Cells of the rows of the table that begins with a header. */
function rowsBelow(file: string, header: RegExp): string[][] {
  const lines = readFileSync(join(PRODUCT_ROOT, file), 'utf8').split('\n');
  const start = lines.findIndex((line) => header.test(line));
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('documentation of the deployment', () => {
  it('says what hands what to whom', () => {
    const stage = { project: 'image-classifier', stage: 'demo' };
    const expected = templates.flatMap((template) => {
      const byArea = new Map<string, string[]>();
      for (const path of handedOverPaths(template, stage)) {
        const [, , , from = '', name = ''] = path.split('/');
        byArea.set(from, [...(byArea.get(from) ?? []), name].sort());
      }
      return [...byArea].map(([from, names]) => [
        from,
        template.area,
        [...new Set(names)].map((name) => `\`${name}\``).join(', '),
      ]);
    });
    expect(rowsBelow('cloudformation/README.md', /^\| from +\| to/)).toEqual(expected);
  });

  it('names every template', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, 'cloudformation', 'README.md'), 'utf8');
    expect(templates.filter(({ file }) => !readme.includes(`| \`${file}\``))).toEqual([]);
  });

  it('says what each stage costs', () => {
    const expected = stageNames().map((stage) => {
      const given = readStageFile(stage, templates);
      const resolved = resolveGiven(templates, { project: 'image-classifier', stage }, given, { region: 'us-east-1' });
      return [`\`${stage}\``, money(total(monthlyCosts(resolved)))];
    });
    expect(rowsBelow('docs/deployment.md', /^\| stage +\| USD/)).toEqual(expected);
  });
});
