/** The command lines of the programs for images. */
import { PRODUCT_ROOT } from '@app/platform/product';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { IMAGE_NAMES, ImageName, isImageName } from './image-contents';
import { ImageError } from './image-error';
import { isPlatform, Platform, PLATFORMS } from './platform';

/** sysexits.h: EX_USAGE. */
const EXIT_CODE_USAGE = 64;

/** The command line makes no sense. The message says what to change. */
export class UsageError extends Error {}

/** Runs a program; what is wrong with its input becomes one line on stderr and an exit code. */
export async function runProgram(usage: string, program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ImageError)) throw error;
    process.stderr.write(`${error.message}\n${error instanceof UsageError ? `Usage: ${usage}\n` : ''}`);
    process.exitCode = error instanceof UsageError ? EXIT_CODE_USAGE : 1;
  }
}

/** One argument or several, and options that take a value, as they were given. */
export function readArguments<Name extends string>(
  argv: readonly string[],
  options: readonly Name[],
): { positionals: readonly [string, ...string[]]; options: Partial<Record<Name, string>> } {
  const types = Object.fromEntries(options.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: types, allowPositionals: true });
    const [first, ...others] = positionals;
    if (first === undefined) throw new UsageError('An argument is missing.');
    return { positionals: [first, ...others], options: values as Partial<Record<Name, string>> };
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

export function onlyOneOf([first, ...others]: readonly [string, ...string[]]): string {
  if (others.length > 0) throw new UsageError(`"${others.join(' ')}" is too much.`);
  return first;
}

export function imageNameOf(argument: string): ImageName {
  if (isImageName(argument)) return argument;
  throw new UsageError(`There is no image "${argument}", only ${IMAGE_NAMES.join(', ')}.`);
}

export function platformOf(option = 'linux/amd64'): Platform {
  if (isPlatform(option)) return option;
  throw new UsageError(`--platform is ${PLATFORMS.join(' or ')}, not "${option}".`);
}

/** Throws `ImageError` when the sources are newer than dist/, from which images are made. */
export function requireCurrentBuild(): void {
  const { status } = spawnSync(process.execPath, [join(PRODUCT_ROOT, 'tools', 'build.mjs'), '--check']);
  if (status !== 0) throw new ImageError('dist/ is not what the sources say: run npm run build first.');
}
