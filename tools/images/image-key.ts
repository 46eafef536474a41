/** The content key of an image: the same for the same content, and another as soon as anything in it would be another. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from './image-error';
import { readImports } from './import-graph';
import { ImagePlan } from './plan-image';

/** What lays the image out decides what is in it. */
const ASSEMBLER = 'tools/images/assemble.js';

/**
 * 40 hexadecimal digits. `nodeImage` is the base image as it is given to the build; without one, the Dockerfile's own. A tag that
 * moves to another image moves no key: give a digest where that matters.
 */
export async function imageKey(root: string, plan: ImagePlan, nodeImage?: string): Promise<string> {
  const dockerfile = await readFile(join(root, `Dockerfile.${plan.image}`), 'utf8');
  const assembler = await readImports(root, [ASSEMBLER]);
  const hash = createHash('sha256');
  const add = (...parts: readonly string[]) => hash.update(`${JSON.stringify(parts)}\n`);
  add('platform', plan.platform);
  add('base', nodeImage ?? defaultNodeImage(dockerfile));
  add('Dockerfile', sha256(dockerfile));
  add('package.json', sha256(plan.manifest));
  for (const file of [...plan.files, ...assembler.files]) add('file', file, sha256(await readFile(join(root, file))));
  for (const { place, version, integrity } of plan.packages) add('package', place, version, integrity);
  return hash.digest('hex').slice(0, 40);
}

export function defaultNodeImage(dockerfile: string): string {
  const [, image] = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile) ?? [];
  if (image === undefined)
    throw new ImageError('the Dockerfile names no base image: it needs a line ARG NODE_IMAGE=...');
  return image;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
