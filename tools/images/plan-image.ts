/** All that an image gets from this repository, decided once: what assembles an image and what names it both follow the plan. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from './image-error';
import { IMAGE_CONTENTS, ImageName } from './image-contents';
import { readImports } from './import-graph';
import { Lock, LockedPackage, lockedPackages } from './locked-packages';
import { machineOf, Platform } from './platform';

export interface ImagePlan {
  readonly image: ImageName;
  readonly platform: Platform;
  /** Compiled code, assets and models, from the top of the repository, where they lie in the image too; sorted. */
  readonly files: readonly string[];
  readonly packages: readonly LockedPackage[];
  /** The text of the image's package.json: the product's, with the dependencies of this image alone. */
  readonly manifest: string;
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** `root` is the top of the repository, with an up-to-date dist/. Throws `ImageError`. */
export async function planImage(root: string, image: ImageName, platform: Platform): Promise<ImagePlan> {
  const contents = IMAGE_CONTENTS[image];
  const product = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageJson;
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock };
  const imports = await readImports(root, contents.programs);
  const names = [...new Set([...imports.packages, ...contents.packages])].sort();
  const read = await Promise.all(contents.files.map((path) => filesBelow(root, path)));
  return {
    image,
    platform,
    files: [...imports.files, ...read.flat()].sort(),
    packages: lockedPackages(lock.packages, names, machineOf(platform)),
    manifest: manifestOf(product, names, image),
  };
}

function manifestOf(product: PackageJson, names: readonly string[], image: ImageName) {
  const { name, version, license } = product;
  const used = names.map((one): [string, string] => {
    const locked = product.dependencies[one];
    if (locked === undefined) {
      throw new ImageError(`${image} uses ${one}, which is not among the dependencies of package.json: add it there.`);
    }
    return [one, locked];
  });
  const dependencies = Object.fromEntries(used);
  const manifest = { name: `${name}-${image}`, version, license, private: true, dependencies };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function filesBelow(root: string, path: string): Promise<string[]> {
  if ((await stat(join(root, path))).isFile()) return [path];
  const names = await readdir(join(root, path));
  return (await Promise.all(names.map((name) => filesBelow(root, `${path}/${name}`)))).flat();
}
