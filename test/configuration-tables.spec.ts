// Each app's README has a table of its settings; here it is compared with the settings themselves.
import { PRODUCT_ROOT, settingsOf } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelConfig } from '../apps/model/src/model.config';
import { WasConfig } from '../apps/was/src/was.config';
import { WebConfig } from '../apps/web/src/web.config';

describe.each([
  ['apps/web', WebConfig],
  ['apps/was', WasConfig],
  ['apps/model', ModelConfig],
] as const)('the README of %s', (folder, configClass) => {
  it('lists every setting with its meaning, and no other', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, folder, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\|/gm)].map(([, variable, meaning]) => [
      variable,
      meaning,
    ]);

    expect(rows).toEqual(settingsOf(configClass).map(({ variable, meaning }) => [variable, meaning]));
  });
});
