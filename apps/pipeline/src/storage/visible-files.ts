import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** All files in a folder and below it that are not hidden; links are followed. */
export async function visibleFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined); // a link that leads nowhere
    if (found?.isDirectory() === true) paths.push(...(await visibleFiles(path)));
    else if (found?.isFile() === true) paths.push(path);
  }
  return paths;
}
