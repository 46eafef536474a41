// Images that have been built on this machine with buildah, and what is in them. No Docker engine and no registry is needed.
import { PRODUCT_ROOT } from '@app/platform/product';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ImageName } from '../../../tools/images/image-contents';

/** Builds the Dockerfiles of a folder on a base image made from Debian and Node, as localhost/<name>. Not part of the product. */
const BUILDER = resolve(PRODUCT_ROOT, '..', 'shared', 'tools', 'build-images');

/** Why images cannot be built here; undefined where they can. */
export function whyNoImages(): string | undefined {
  if (!existsSync(BUILDER)) return 'there is no ../shared/tools/build-images';
  if (process.getuid?.() !== 0) return 'this needs root';
  const absent = ['buildah', 'debootstrap', 'unshare'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  return absent.length === 0 ? undefined : `${absent.join(' and ')} is not installed`;
}

export function buildImages(): void {
  execFileSync('bash', [BUILDER, '--context', PRODUCT_ROOT], { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
}

/** What the Dockerfiles see of a clone. */
const CONTEXT = [
  '.dockerignore',
  '.npmrc',
  'apps',
  'libs',
  'models/backbones',
  'package.json',
  'package-lock.json',
  'tools',
  'tsconfig.json',
];

/** Lays out all four images once more, as localhost/again, in another folder and with nothing that was built before. */
export function buildAgain(clone: string): void {
  for (const path of CONTEXT) cpSync(join(PRODUCT_ROOT, path), join(clone, path), { recursive: true });
  cpSync(dockerfilePath('web'), join(clone, 'Dockerfile'));
  const options = ['--isolation', 'chroot', '--pull-never', '--no-cache', '--layers=false', '--target', 'build'];
  buildah('bud', ...options, '--tag', 'localhost/again', clone);
}

export function buildah(...parameters: readonly string[]): string {
  return execFileSync('buildah', ['--storage-driver', 'vfs', ...parameters], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64_000_000,
  }).trim();
}

/** The image's own settings, in the words of its specification. */
export interface ImageSettings {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
  readonly ExposedPorts: Readonly<Record<string, object>>;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface MountedImage {
  readonly settings: ImageSettings;
  /** Where its file system lies. */
  readonly root: string;
  /** Of buildah, for `buildah run`. */
  readonly container: string;
  remove(): void;
}

/** @param reference `localhost/web` */
export function mountImage(reference: string): MountedImage {
  const inspected = JSON.parse(buildah('inspect', '--type', 'image', reference)) as {
    OCIv1: { config: ImageSettings };
  };
  const container = buildah('from', '--pull-never', reference);
  return {
    settings: inspected.OCIv1.config,
    root: buildah('mount', container),
    container,
    remove: () => void buildah('rm', container),
  };
}

/** The command of HEALTHCHECK, which images in the format of OCI do not carry. */
export function healthCheckOf(dockerfile: string): string[] {
  const [, command] = /^HEALTHCHECK (?:.*\\\n)?\s*CMD (\[.+\])$/m.exec(dockerfile) ?? [];
  if (command === undefined) throw new Error('the Dockerfile has no health check in the exec form');
  return JSON.parse(command) as string[];
}

export function dockerfilePath(image: ImageName): string {
  return join(PRODUCT_ROOT, `Dockerfile.${image}`);
}
