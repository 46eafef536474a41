// Lays out what images get, each in a folder by its name; called by the Dockerfiles.
import { PRODUCT_ROOT } from '@app/platform/product';
import { delimiter, join, resolve } from 'node:path';
import { imageNameOf, platformOf, readArguments, requireCurrentBuild, runProgram, UsageError } from './arguments';
import { assembleImage } from './assemble-image';
import { planImage } from './plan-image';

const USAGE =
  'node dist/tools/images/assemble.js web|was|monitor|model... --to FOLDER [--platform linux/amd64|linux/arm64] [--installations FOLDER:FOLDER]';

void runProgram(USAGE, async () => {
  const { positionals, options } = readArguments(process.argv.slice(2), ['to', 'platform', 'installations']);
  const images = positionals.map(imageNameOf);
  const platform = platformOf(options.platform);
  const { to } = options;
  if (to === undefined) throw new UsageError('--to is missing: the folder to write.');
  requireCurrentBuild();
  const installations = options.installations?.split(delimiter).map((folder) => resolve(folder)) ?? [PRODUCT_ROOT];
  for (const image of images) {
    const plan = await planImage(PRODUCT_ROOT, image, platform);
    await assembleImage(plan, { root: PRODUCT_ROOT, installations, target: resolve(join(to, image)) });
  }
});
