// Lays out what an image gets, in a folder; called by the Dockerfiles.
import { PRODUCT_ROOT } from '@app/platform/product';
import { delimiter, resolve } from 'node:path';
import { imageNameOf, platformOf, readArguments, requireCurrentBuild, runProgram, UsageError } from './arguments';
import { assembleImage } from './assemble-image';
import { planImage } from './plan-image';

const USAGE =
  'node dist/tools/images/assemble.js web|was|monitor|model --to FOLDER [--platform linux/amd64|linux/arm64] [--installations FOLDER:FOLDER]';

void runProgram(USAGE, async () => {
  const { argument, options } = readArguments(process.argv.slice(2), ['to', 'platform', 'installations']);
  const image = imageNameOf(argument);
  const platform = platformOf(options.platform);
  if (options.to === undefined) throw new UsageError('--to is missing: the folder to write.');
  requireCurrentBuild();
  await assembleImage(await planImage(PRODUCT_ROOT, image, platform), {
    root: PRODUCT_ROOT,
    installations: options.installations?.split(delimiter).map((folder) => resolve(folder)) ?? [PRODUCT_ROOT],
    target: resolve(options.to),
  });
});
