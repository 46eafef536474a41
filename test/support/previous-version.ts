// The version before this one, from the repository's history, so that tiers of both can be tried together.
import { PRODUCT_ROOT } from '@app/platform';
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';

/** What becomes part of a tier. */
const SOURCES = [':(glob)apps/*/src/**', ':(glob)libs/*/src/**', ':(exclude,glob)**/*.spec.ts'];
/** What its build needs. */
const PARTS = ['apps', 'libs', 'tools', 'package.json', 'package-lock.json'];

export interface PreviousVersion {
  readonly commit: string;
}

/**
 * The commit that this version follows: the last one when there are changes that are not committed, else the one before the last change.
 * Along first parents, as a branch that is merged is delivered as a whole.
 *
 * @returns why there is none that could run here, in words, in place of one
 */
export function findPreviousVersion(): PreviousVersion | string {
  if (git('ls-files', '--error-unmatch', 'package.json') === undefined) return 'this is no clone of the repository';
  const isChanged = git('status', '--porcelain', '--', ...SOURCES) !== '';
  const latest = git('rev-list', '--first-parent', '--max-count=1', 'HEAD', '--', ...SOURCES);
  const commit = git('rev-parse', '--verify', '--quiet', isChanged ? 'HEAD' : `${latest ?? ''}^`);
  if (commit === undefined) return 'the history of this clone begins with this version';
  const [before, now] = [
    git('show', `${commit}:package-lock.json`),
    readFileSync(join(PRODUCT_ROOT, 'package-lock.json')),
  ];
  const other = before === undefined ? 'package-lock.json' : missingPackage(before, now.toString());
  return other === undefined ? { commit } : `${commit.slice(0, 12)} needs other packages than those here: ${other}`;
}

/** Puts the version into an empty folder and builds it there, with the packages of this one. */
export async function buildVersion({ commit }: PreviousVersion, folder: string): Promise<void> {
  const archive = join(folder, 'version.tar');
  git('archive', `--output=${archive}`, commit, '--', ...PARTS);
  await extract({ file: archive, cwd: folder });
  symlinkSync(realpathSync(join(PRODUCT_ROOT, 'node_modules')), join(folder, 'node_modules'));
  const { status, stderr } = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${commit} cannot be built: ${stderr}`);
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** A package of production that is needed by one lock and that another has not, or not in that version. */
function missingPackage(needed: string, there: string): string | undefined {
  const packagesOf = (lock: string) => (JSON.parse(lock) as { packages: Record<string, LockedPackage> }).packages;
  const available = packagesOf(there);
  return Object.entries(packagesOf(needed)).find(
    ([place, { version, dev, optional }]) =>
      place !== '' && dev !== true && optional !== true && available[place]?.version !== version,
  )?.[0];
}

/** What the command writes; nothing when it fails, or when there is no git. */
function git(...parameters: readonly string[]): string | undefined {
  const options = { cwd: PRODUCT_ROOT, encoding: 'utf8', maxBuffer: 64_000_000 } as const;
  const { status, stdout } = spawnSync('git', parameters, options);
  return status === 0 ? stdout.trim() : undefined;
}
