// Where the product lies and which one it is. Knows no Nest, for programs that start often.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that holds package.json; the only place that knows how deep the compiled files lie (dist/libs/platform/src/product). */
export const PRODUCT_ROOT = join(__dirname, '..', '..', '..', '..', '..');

const packageJson = JSON.parse(readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8')) as { version: string };

/** Version of the product, the same for every service of one build. */
export const PRODUCT_VERSION = packageJson.version;

/** Which image this runs in: the first 12 digits of its content key, as the image itself says; `local` outside of one. */
// eslint-disable-next-line no-restricted-properties -- a fact of the image, as the version is one of the product; no setting
export const PRODUCT_BUILD = process.env['APP_BUILD'] ?? 'local';
