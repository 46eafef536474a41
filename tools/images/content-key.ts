// Prints the content key of an image, 40 hexadecimal digits: its tag in a registry.
import { PRODUCT_ROOT } from '@app/platform/product';
import { imageNameOf, onlyOneOf, platformOf, readArguments, requireCurrentBuild, runProgram } from './arguments';
import { imageKey } from './image-key';
import { planImage } from './plan-image';

const USAGE =
  'node dist/tools/images/content-key.js web|was|monitor|model [--platform linux/amd64|linux/arm64] [--node-image IMAGE]';

void runProgram(USAGE, async () => {
  const { positionals, options } = readArguments(process.argv.slice(2), ['platform', 'node-image']);
  const image = imageNameOf(onlyOneOf(positionals));
  const platform = platformOf(options.platform);
  requireCurrentBuild();
  const key = await imageKey(PRODUCT_ROOT, await planImage(PRODUCT_ROOT, image, platform), options['node-image']);
  process.stdout.write(`${key}\n`);
});
