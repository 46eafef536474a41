import { PRODUCT_ROOT, settingsOf } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelConfig } from './model.config';

describe('ModelConfig', () => {
  it('is what the README says', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, 'apps', 'model', 'README.md'), 'utf8');
    const defaults: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(new ModelConfig()));

    for (const { property, variable, meaning } of settingsOf(ModelConfig)) {
      const value = property === 'workers' ? 'CPUs of the container' : `\`${String(defaults[property])}\``;
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${variable}\` `));
      expect(row?.split(/ *\| */)).toEqual(['', `\`${variable}\``, value, meaning, '']);
    }
  });

  it('has a row for nothing else', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, 'apps', 'model', 'README.md'), 'utf8');

    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, variable]) => variable);

    expect(rows).toEqual(settingsOf(ModelConfig).map(({ variable }) => variable));
  });
});
