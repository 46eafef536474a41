// The source of a build: which files, the same tree and the same archive whenever they are the same.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoreRules } from './ignore-rules';
import { readSource } from './source-files';
import { zipSource } from './source-zip';

const FILES: Readonly<Record<string, string>> = {
  'buildspec.yml': 'version: 0.2',
  'Dockerfile.web': 'FROM scratch',
  'Dockerfile.was': 'FROM scratch',
  'Dockerfile.monitor': 'FROM scratch',
  'Dockerfile.model': 'FROM scratch',
  '.gitignore': 'node_modules\n*.log\n/out/\n',
  'apps/web/out/kept.ts': 'export {};',
  'node_modules/some/index.js': 'left out',
  'npm.log': 'left out',
  'out/left-out.txt': 'left out',
};

describe('the source of a build', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'source-'));
    for (const [path, content] of Object.entries(FILES)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const kept = Object.keys(FILES)
    .filter((path) => FILES[path] !== 'left out')
    .sort();
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...parameters], { cwd: folder });

  it('is what .gitignore does not name, with git and without', async () => {
    const without = await readSource(folder);
    expect(without.files.map(({ path }) => path)).toEqual(kept);
    expect(without.commit).toBeUndefined();
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const clean = await readSource(folder);
    expect([clean.tree, clean.files.length]).toEqual([without.tree, kept.length]);
    expect(clean.commit).toMatch(/^[0-9a-f]{40}$/);

    // What git would track counts, what is deleted does not.
    writeFileSync(join(folder, 'new.ts'), '');
    rmSync(join(folder, 'apps'), { recursive: true });
    const changed = await readSource(folder);
    expect(changed.files.map(({ path }) => path)).toEqual([
      ...kept.filter((path) => !path.startsWith('apps')),
      'new.ts',
    ]);
    expect(changed.commit).toBe(`${clean.commit ?? ''}-dirty`);
    expect(changed.tree).not.toBe(clean.tree);
  });

  it('is the same archive at another time and place, and another one when a file may be executed', async () => {
    const first = await readSource(folder);
    const copy = mkdtempSync(join(tmpdir(), 'source-'));
    cpSync(folder, copy, { recursive: true });
    utimesSync(join(copy, 'buildspec.yml'), 1, 1);
    const second = await readSource(copy);
    expect(second.tree).toBe(first.tree);
    expect((await zipSource(second)).equals(await zipSource(first))).toBe(true);
    chmodSync(join(copy, 'buildspec.yml'), 0o755);
    expect((await readSource(copy)).tree).not.toBe(first.tree);
    rmSync(copy, { recursive: true });
  });

  it('says what is missing', async () => {
    rmSync(join(folder, 'Dockerfile.was'));
    await expect(readSource(folder)).rejects.toThrow('there is no Dockerfile.was.');
  });
});

describe('a .gitignore', () => {
  it.each([
    ['dist.*', 'dist.1', false, true],
    ['dist', 'apps/dist', true, true],
    ['.aws-local/', '.aws-local', true, true],
    ['.aws-local/', '.aws-local', false, false],
    ['/out', 'apps/out', true, false],
    ['docs/**/draft.md', 'docs/a/b/draft.md', false, true],
    ['docs/**/draft.md', 'docs/draft.md', false, true],
    ['*.log\n!kept.log', 'kept.log', false, false],
    ['# *.ts', 'a.ts', false, false],
  ])('with %j of %s (a folder: %s) says %s', (text, path, isFolder, isIgnored) =>
    expect(ignoreRules(text)(path, isFolder)).toBe(isIgnored),
  );
});
