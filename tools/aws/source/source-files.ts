/** Which files make up the source of the product, and what they are together: one hash, whoever asks and whenever. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { enumerate } from '../../../apps/pipeline/src/output/figures';
import { IMAGE_NAMES } from '../account/images';
import { ignoreRules } from './ignore-rules';

export interface SourceFile {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly isExecutable: boolean;
  readonly content: Buffer;
}

export interface Source {
  /** In alphabetical order. */
  readonly files: readonly SourceFile[];
  /** SHA-256 over names, contents and what is executable: the same files are the same tree. 64 hex digits. */
  readonly tree: string;
  /** As `git describe --always --dirty` says it, in full; undefined without git. */
  readonly commit: string | undefined;
}

/** A build cannot begin without them. */
const NEEDED: readonly string[] = ['buildspec.yml', ...IMAGE_NAMES.map((name) => `Dockerfile.${name}`)];

/** @throws {CommandError} when the folder is not that of the product. */
export async function readSource(folder: string): Promise<Source> {
  const paths = (await pathsOfGit(folder)) ?? (await pathsOfFolder(folder));
  const missing = NEEDED.filter((path) => !paths.includes(path));
  if (missing.length > 0) {
    throw new CommandError(
      `Images cannot be built from ${folder}: there is no ${enumerate(missing, 'and no')}.\n` +
        'They belong to the product; get them back (git status shows what is deleted), or name images by --image.',
    );
  }
  const files = await Promise.all(paths.sort(byCharacters).map((path) => readSourceFile(folder, path)));
  return { files, tree: treeOf(files), commit: await commitOf(folder) };
}

/** Not by a language's rules, which differ from machine to machine. */
function byCharacters(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function treeOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, isExecutable, content } of files) {
    const digest = createHash('sha256').update(content).digest('hex');
    hash.update(`${isExecutable ? 'x' : '-'} ${digest} ${path}\0`);
  }
  return hash.digest('hex');
}

async function readSourceFile(folder: string, path: string): Promise<SourceFile> {
  const file = join(folder, path);
  const { mode } = await stat(file);
  return { path, isExecutable: (mode & 0o100) !== 0, content: await readFile(file) };
}

const run = promisify(execFile);
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Undefined where there is no git, or the folder is not the top of a working tree. */
async function git(folder: string, ...parameters: readonly string[]): Promise<string | undefined> {
  if (!existsSync(join(folder, '.git'))) return undefined;
  try {
    return (await run('git', [...parameters], { cwd: folder, maxBuffer: MOST_OUTPUT_BYTES })).stdout;
  } catch {
    return undefined;
  }
}

/** What git tracks, or would. What is tracked and deleted is not there. */
async function pathsOfGit(folder: string): Promise<string[] | undefined> {
  const listed = await git(folder, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  if (listed === undefined) return undefined;
  const paths: string[] = [];
  // A file in a conflict is listed once for each side; a repository within this one as a folder, and is not ours.
  for (const path of new Set(listed.split('\0').filter((each) => each !== ''))) {
    if (isFile(join(folder, path))) paths.push(path);
  }
  return paths;
}

async function pathsOfFolder(folder: string): Promise<string[]> {
  const rules = join(folder, '.gitignore');
  const isIgnored = ignoreRules(existsSync(rules) ? await readFile(rules, 'utf8') : '');
  const paths: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const { name } of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = posix.join(below, name);
      const isFolder = !isFile(join(folder, path));
      if (name === '.git' || isIgnored(path, isFolder)) continue;
      if (isFolder) await walk(path);
      else paths.push(path);
    }
  };
  await walk('');
  return paths;
}

/** Also of a link to one; not of one that leads nowhere. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function commitOf(folder: string): Promise<string | undefined> {
  const commit = (await git(folder, 'rev-parse', '--verify', 'HEAD'))?.trim();
  if (commit === undefined || commit === '') return undefined;
  const changes = await git(folder, 'status', '--porcelain');
  return changes === '' ? commit : `${commit}-dirty`;
}
