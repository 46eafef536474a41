// The sizes that docs/images.md states.
import { PRODUCT_ROOT } from '@app/platform/product';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_NAMES, ImageName } from '../../../tools/images/image-contents';

/** The row of an image: what is in it, and the most that it adds to its base. */
const ROW = /^\| `(\w+)` +\|.*\| (\d+) MB +\|$/gm;

/** In MB of 1,000,000 bytes. */
export function statedLimits(): Record<ImageName, number> {
  const page = readFileSync(join(PRODUCT_ROOT, 'docs', 'images.md'), 'utf8');
  const limits = new Map([...page.matchAll(ROW)].map(([, name = '', size]) => [name, Number(size)]));
  return Object.fromEntries(
    IMAGE_NAMES.map((name) => {
      const limit = limits.get(name);
      if (limit === undefined) throw new Error(`docs/images.md states no size of ${name}`);
      return [name, limit];
    }),
  ) as Record<ImageName, number>;
}
