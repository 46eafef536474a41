// Writes docs/openapi/openapi.json from the controllers; with --check only compares, for `npm run check`.
import { loadConfig, PRODUCT_ROOT } from '@app/platform';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpenApiHolder } from '../apps/web/src/api-docs/open-api-holder';
import { createWebApp } from '../apps/web/src/create-web-app';
import { WebConfig } from '../apps/web/src/web.config';

const file = join(PRODUCT_ROOT, 'docs', 'openapi', 'openapi.json');

async function main(): Promise<void> {
  const app = await createWebApp(loadConfig(WebConfig, { LOG_LEVEL: 'silent' }));
  const text = `${JSON.stringify(app.get(OpenApiHolder).document, null, 2)}\n`;
  await app.close();
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return;
  }
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === text) return;
  console.error('docs/openapi/openapi.json is not what the controllers say. Run: npm run openapi');
  process.exitCode = 1;
}

void main();
