/** The images of a build, kept between its commands in a file: which content, which digest. */
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../../apps/pipeline/src/command.error';
import { unlessMissing } from '../aws/aws-problems';
import type { ImageName } from '../images/image-contents';
import type { BuildEnvironment } from './build-environment';

export interface BuiltImage {
  /** Of its content, 40 hexadecimal digits; its tag in the registry. */
  readonly key: string;
  readonly repository: string;
  /** `sha256:…` */
  readonly digest: string;
  /** Repository and digest, with the registry. */
  readonly uri: string;
}
export type BuiltImages = Readonly<Partial<Record<ImageName, BuiltImage>>>;

const FILE = 'images.json';

/** As much of a key as tells builds apart: what `GET /version` answers as `build`. */
export function buildOf({ key }: BuiltImage): string {
  return key.slice(0, 12);
}

/** What the registry has under the key; undefined when it has nothing. */
export async function findBuiltImage(
  ecr: ECRClient,
  { registry, repositories }: BuildEnvironment,
  name: ImageName,
  key: string,
): Promise<BuiltImage | undefined> {
  const repository = repositories[name];
  const answer = await unlessMissing(
    ecr.send(new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: key }] })),
  );
  const digest = answer?.imageDetails?.[0]?.imageDigest;
  return digest === undefined ? undefined : { key, repository, digest, uri: `${registry}/${repository}@${digest}` };
}

export function readBuiltImages(folder: string): BuiltImages {
  const file = join(folder, FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BuiltImages) : {}; // written by noteBuiltImage
}

export function noteBuiltImage(folder: string, name: ImageName, image: BuiltImage): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, FILE), JSON.stringify({ ...readBuiltImages(folder), [name]: image }, null, 2));
}

/** @throws {CommandError} when one of the images has not been built. */
export function builtImages<Name extends ImageName>(
  folder: string,
  names: readonly Name[],
): Readonly<Record<Name, BuiltImage>> {
  const images = readBuiltImages(folder);
  const missing = names.filter((name) => images[name] === undefined);
  if (missing.length > 0) {
    throw new CommandError(
      `There is no image of ${missing.join(', ')} in ${join(folder, FILE)}: run tools/delivery/build-image.sh first.`,
    );
  }
  return images as Record<Name, BuiltImage>; // none is missing
}
