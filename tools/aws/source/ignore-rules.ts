/** What a .gitignore names, for folders that git does not know: https://git-scm.com/docs/gitignore. Pure. */

interface Rule {
  readonly pattern: RegExp;
  readonly onlyFolders: boolean;
  readonly isException: boolean;
}

/** Whether a path below the folder of the .gitignore is left out; of several rules the last counts. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean;

export function ignoreRules(text: string): IsIgnored {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf);
  return (path, isFolder) =>
    rules.findLast(({ pattern, onlyFolders }) => (isFolder || !onlyFolders) && pattern.test(path))?.isException ===
    false;
}

function ruleOf(line: string): Rule {
  const isException = line.startsWith('!');
  const name = line.replace(/^!/, '').replace(/^\\/, '');
  const onlyFolders = name.endsWith('/');
  const path = name.replace(/\/$/, '');
  // With a slash within it a pattern counts from the folder of the .gitignore, else at any depth.
  const isAnchored = path.includes('/');
  const body = path.replace(/^\//, '').split('**').map(partOf).join('.*').replaceAll('/.*/', '/(?:.*/)?');
  return { pattern: new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${body}$`), onlyFolders, isException };
}

function partOf(text: string): string {
  return text
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
