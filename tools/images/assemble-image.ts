/**
 * Lays out what an image gets: `packages/` with its node_modules, which change seldom, and `product/` with the rest; each becomes
 * one layer. Modes and times are always the same, so that the same content is the same layer.
 */
import { chmod, copyFile, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImageError } from './image-error';
import { ImagePlan } from './plan-image';
import { Machine, machineOf } from './platform';
import { isRunTimeFile } from './run-time-files';

/** The first day that every archive format can write. */
const ALWAYS = new Date('1980-01-02T00:00:00Z');

export interface Places {
  /** The top of the repository. */
  readonly root: string;
  /** Folders that hold a node_modules; a package is taken from the first that has it. */
  readonly installations: readonly string[];
  /** Where the result goes. What was there is removed. */
  readonly target: string;
}

/** Throws `ImageError` when a package is not installed. */
export async function assembleImage(plan: ImagePlan, { root, installations, target }: Places): Promise<void> {
  const [packages, product] = [join(target, 'packages'), join(target, 'product')];
  await rm(target, { recursive: true, force: true });
  for (const { place } of plan.packages) {
    const installed = await findInstalled(place, installations);
    await copyPackage(installed, join(packages, place), machineOf(plan.platform));
  }
  for (const file of plan.files) await copy(join(root, file), join(product, file));
  await writeFile(join(product, 'package.json'), plan.manifest);
  await makeUniform(target);
}

async function findInstalled(place: string, installations: readonly string[]): Promise<string> {
  for (const folder of installations) {
    const path = join(folder, place);
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return path;
  }
  const command = 'npm ci --ignore-scripts --os=linux --libc=glibc --cpu=x64 (or arm64)';
  throw new ImageError(
    `${place} is not in ${installations.join(' or ')}. Install the packages of the image's platform: ${command}.`,
  );
}

async function copyPackage(from: string, to: string, machine: Machine): Promise<void> {
  const name = from.replace(/^.*node_modules[/\\]/, '');
  const copyFolder = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== 'node_modules') await copyFolder(path);
      if (entry.isFile() && isRunTimeFile(name, path, machine)) await copy(join(from, path), join(to, path));
    }
  };
  await copyFolder('');
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

/** From the leaves up, because to write into a folder changes its time. */
async function makeUniform(path: string): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  if (isFolder) for (const name of await readdir(path)) await makeUniform(join(path, name));
  await chmod(path, isFolder ? 0o755 : 0o644);
  await utimes(path, ALWAYS, ALWAYS);
}
