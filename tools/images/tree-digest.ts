// Prints a digest of a file tree: the same for trees that hold the same files with the same modes, whatever their times.
import { readArguments, runProgram } from './arguments';
import { digestTree } from './digest-tree';

void runProgram('node dist/tools/images/tree-digest.js FOLDER', async () => {
  const { argument } = readArguments(process.argv.slice(2), []);
  process.stdout.write(`${await digestTree(argument)}\n`);
});
