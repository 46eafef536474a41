/** Which code makes a model: the commit of this checkout, or the product's version where there is no repository. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `1a2b3c4d5e6f`, with `-changed` when files differ from it. */
export async function codeVersion(productFolder: string): Promise<string> {
  try {
    const git = async (...command: string[]) =>
      (await promisify(execFile)('git', ['-C', productFolder, ...command])).stdout.trim();
    const commit = await git('rev-parse', '--short=12', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit}-changed`;
  } catch {
    const file = await readFile(join(productFolder, 'package.json'), 'utf8');
    return (JSON.parse(file) as { version: string }).version; // ours
  }
}
