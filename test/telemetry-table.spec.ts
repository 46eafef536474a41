// docs/telemetry.md has a table of the metrics; here it is compared with the metrics themselves.
import { PRODUCT_ROOT } from '@app/platform/product';
import { definedMetrics } from '@app/platform/telemetry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import '../apps/model/src/create-model-app';
import '../apps/monitor/src/create-monitor-app';
import '../apps/was/src/create-was-app';
import '../apps/web/src/create-web-app';

/** Name, kind, unit, attributes and what it is. */
const TABLE_ROW = /^\| `([a-z0-9._]+)` +\| [^|]+\| (\S[^|]*?) +\| `([^`]+)` +\| ([^|]*?) *\| ([^|]+?) +\|$/gm;

it('the table of metrics in docs/telemetry.md is that of the code', () => {
  const page = readFileSync(join(PRODUCT_ROOT, 'docs', 'telemetry.md'), 'utf8');

  const rows = [...page.matchAll(TABLE_ROW)].map((row) => row.slice(1));

  const metrics = definedMetrics().map(({ kind, definition: { name, unit, description, attributes } }) => [
    name,
    kind,
    unit,
    attributes.map((attribute) => `\`${attribute}\``).join(', '),
    description,
  ]);
  expect(rows.sort()).toEqual(metrics.sort());
});
