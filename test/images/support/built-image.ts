// Images that are built on this machine with buildah, and what is in them. No Docker engine and no registry of images is needed.
import { PRODUCT_ROOT } from '@app/platform/product';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ImageName } from '../../../tools/images/image-contents';
import { defaultNodeImage } from '../../../tools/images/image-key';

/** Makes a base image from Debian and Node, under the name that a Dockerfile's FROM asks for. Not part of the product. */
const BASE_BUILDER = resolve(PRODUCT_ROOT, '..', 'shared', 'tools', 'build-images');

/** What the Dockerfiles see of a clone. */
const CONTEXT = [
  ...['.dockerignore', '.npmrc', 'package.json', 'package-lock.json', 'tsconfig.json'],
  ...['apps', 'libs', 'models/backbones', 'tools'],
];

/** Why images cannot be built here; undefined where they can. */
export function whyNoImages(): string | undefined {
  if (!existsSync(BASE_BUILDER)) return 'there is no ../shared/tools/build-images to make the base image';
  if (process.getuid?.() !== 0) return 'this needs root';
  const absent = ['buildah', 'debootstrap', 'unshare'].filter(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  return absent.length === 0 ? undefined : `${absent.join(' and ')} is not installed`;
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
  /** Prints what a command in it prints, run by buildah. */
  run(...command: readonly string[]): string;
}

/** Images of one test, in a folder of their own. */
export class ImageStore {
  private readonly options: readonly string[];
  private readonly nodeImage = defaultNodeImage(readFileSync(dockerfilePath('web'), 'utf8'));

  /** @param folder is made, and must be on a disk with some 5 GB to spare */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const places = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run')];
    const overlay = ['--storage-driver', 'overlay', ...places];
    // Some kernels have no overlays where this runs; to copy every layer takes ten times as long.
    const hasOverlays = spawnSync('buildah', [...overlay, 'images']).status === 0;
    this.options = hasOverlays ? overlay : ['--storage-driver', 'vfs', ...places];
  }

  /** The base image comes from where its builder keeps it. */
  addBase(): void {
    const archive = `docker-archive:${join(this.folder, 'base.tar')}`;
    writeFileSync(join(this.folder, 'Dockerfile.base'), `FROM ${this.nodeImage}\n`);
    run('bash', [BASE_BUILDER, '--context', this.folder]);
    run('buildah', ['--storage-driver', 'vfs', 'push', '--quiet', this.nodeImage, archive]);
    this.buildah('tag', this.buildah('pull', '--quiet', archive), this.nodeImage);
  }

  build(image: ImageName): MountedImage {
    this.buildah(
      'bud',
      ...BUILD,
      '--layers',
      '--file',
      dockerfilePath(image),
      '--tag',
      `localhost/${image}`,
      PRODUCT_ROOT,
    );
    return this.mount(`localhost/${image}`);
  }

  /** Lays out all four images once more, below `/image`, in another folder and with nothing that was built before. */
  buildAgain(): MountedImage {
    const clone = join(this.folder, 'clone');
    for (const path of CONTEXT) cpSync(join(PRODUCT_ROOT, path), join(clone, path), { recursive: true });
    cpSync(dockerfilePath('web'), join(clone, 'Dockerfile'));
    this.buildah('bud', ...BUILD, '--no-cache', '--target', 'build', '--tag', 'localhost/again', clone);
    return this.mount('localhost/again');
  }

  remove(): void {
    this.buildah('rm', '--all');
    this.buildah('rmi', '--all', '--force');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private mount(reference: string): MountedImage {
    const image = JSON.parse(this.buildah('inspect', '--type', 'image', reference)) as {
      OCIv1: { config: ImageSettings };
    };
    const container = this.buildah('from', '--pull-never', reference);
    return {
      settings: image.OCIv1.config,
      root: this.buildah('mount', container),
      run: (...command) => this.buildah('run', '--isolation', 'chroot', container, '--', ...command),
    };
  }

  private buildah(...parameters: readonly string[]): string {
    return run('buildah', [...this.options, ...parameters]);
  }
}

/** Without cgroups, which are not to be had everywhere. */
const BUILD = ['--isolation', 'chroot', '--pull-never', '--quiet'];

function run(program: string, parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 64_000_000 });
  if (status === 0) return stdout.trim();
  throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`);
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
