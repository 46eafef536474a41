// Prints a digest of a file tree: the same for trees that hold the same files with the same modes, whatever their times.
import { onlyOneOf, readArguments, runProgram } from './arguments';
import { digestTree } from './digest-tree';

void runProgram('node dist/tools/images/tree-digest.js FOLDER', async () => {
  const { positionals } = readArguments(process.argv.slice(2), []);
  process.stdout.write(`${await digestTree(onlyOneOf(positionals))}\n`);
});
