// Draws the sample pictures of the start page: each SVG beside them becomes a small JPEG, which is committed.
import { PRODUCT_ROOT } from '@app/platform/product';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';

export const SAMPLES_FOLDER = join(PRODUCT_ROOT, 'apps', 'web', 'src', 'browser', 'samples');

const LONGER_SIDE_PIXELS = 640;

/** Names of the drawings, without extension. */
export function listDrawings(): readonly string[] {
  return readdirSync(SAMPLES_FOLDER)
    .filter((file) => file.endsWith('.svg'))
    .map((file) => basename(file, '.svg'));
}

export async function drawSample(name: string): Promise<Buffer> {
  return await sharp(join(SAMPLES_FOLDER, `${name}.svg`))
    .resize(LONGER_SIDE_PIXELS, LONGER_SIDE_PIXELS, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer();
}

async function main(): Promise<void> {
  for (const name of listDrawings()) writeFileSync(join(SAMPLES_FOLDER, `sample-${name}.jpg`), await drawSample(name));
}

if (require.main === module) void main();
