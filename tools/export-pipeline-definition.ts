// Writes apps/pipeline/pipeline-definition.json from its builder; with --check only compares, for `npm run check`.
import { PRODUCT_ROOT } from '@app/platform';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipelineDefinition } from '../apps/pipeline/src/definition/image-classifier-pipeline';

const file = join(PRODUCT_ROOT, 'apps', 'pipeline', 'pipeline-definition.json');

async function main(): Promise<void> {
  const text = `${JSON.stringify(pipelineDefinition(), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
    return;
  }
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === text) return;
  console.error(
    'apps/pipeline/pipeline-definition.json is not what its builder says. Run: npm run pipeline-definition',
  );
  process.exitCode = 1;
}

void main();
