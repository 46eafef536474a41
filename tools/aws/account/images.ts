/**
 * Which container images a deployment runs, each by its digest. Sources in order: what was named, what the stack runs, what the
 * last build wrote down (for monitor and model before what the stack runs), the newest in the repository. What none of them has is built on the way (../deploy/image-plan).
 */
import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient, ImageDetail } from '@aws-sdk/client-ecr';
import { UsageError } from '../../../apps/pipeline/src/command.error';
import { Template } from '../../cloudformation/template';
import { unlessMissing } from '../aws-problems';
import { HandedOver } from './handed-over';

/** Of each image the parameter that takes it. */
export const IMAGES = { web: 'WebImage', was: 'WasImage', monitor: 'MonitorImage', model: 'ModelImage' } as const;
export type ImageName = keyof typeof IMAGES;
export const IMAGE_NAMES = Object.keys(IMAGES) as ImageName[]; // keys of a literal

/** Of these the last build counts before what the stack was made with. */
export const NEWEST_BUILD_COUNTS: readonly ImageName[] = ['monitor', 'model'];

export interface FoundImage {
  readonly uri: string;
  readonly from: 'named' | 'running' | 'built' | 'newest';
}

const WITH_DIGEST = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/** Reads `web=<uri>@sha256:<digest>`. @throws {UsageError} for anything else. */
export function parseImageOption(text: string): readonly [ImageName, string] {
  const equals = text.indexOf('=');
  const [name, uri] = [text.slice(0, equals), text.slice(equals + 1)];
  if (equals === -1 || !isImageName(name)) {
    throw new UsageError(`--image is NAME=URI with one of ${IMAGE_NAMES.join(', ')} as its name, not "${text}".`);
  }
  if (!WITH_DIGEST.test(uri)) {
    throw new UsageError(
      `--image ${name} needs a digest (…@sha256:…), not "${uri}": a tag may mean another image tomorrow.\n` +
        'After a push this shows it: docker inspect --format "{{index .RepoDigests 0}}" IMAGE',
    );
  }
  return [name, uri];
}

/** Whether a template takes one image, or any. */
export function takesImage({ parameters }: Template, image?: ImageName): boolean {
  return (image === undefined ? IMAGE_NAMES : [image]).some((name) => Object.hasOwn(parameters, IMAGES[name]));
}

function isImageName(name: string): name is ImageName {
  return Object.hasOwn(IMAGES, name);
}

export interface ImageSources {
  readonly named: ReadonlyMap<ImageName, string>;
  /** Parameters of the stacks as they are, by name. */
  readonly running: Readonly<Record<string, string>>;
  readonly handedOver: HandedOver;
}

/**
 * What is rolled out is not the business of CloudFormation: a service keeps the image that its stack was made with, and
 * CodeDeploy brings the next. Of the model's image, which is of the next training, and of monitor's, which the stack itself rolls
 * out when anything of its task changes, the newest build counts: the first image of the stack would be a step back.
 */
export async function findImages(ecr: ECRClient, sources: ImageSources): Promise<Map<ImageName, FoundImage>> {
  const found = new Map<ImageName, FoundImage>();
  for (const name of IMAGE_NAMES) {
    const image = await findImage(ecr, name, sources);
    if (image !== undefined) found.set(name, image);
  }
  return found;
}

async function findImage(
  ecr: ECRClient,
  name: ImageName,
  { named, running, handedOver }: ImageSources,
): Promise<FoundImage | undefined> {
  const candidates: readonly (readonly [FoundImage['from'], string | undefined])[] = [
    ['named', named.get(name)],
    ...(NEWEST_BUILD_COUNTS.includes(name) ? [] : ([['running', running[IMAGES[name]]]] as const)),
    ['built', handedOver.get(`images/${name}`)],
    ['running', running[IMAGES[name]]],
  ];
  for (const [from, uri] of candidates) if (uri !== undefined && WITH_DIGEST.test(uri)) return { from, uri };
  const repository = handedOver.get(`storage/${name}-repository`);
  const newest = repository === undefined ? undefined : await newestIn(ecr, repository);
  return newest === undefined ? undefined : { from: 'newest', uri: newest };
}

async function newestIn(ecr: ECRClient, repository: string): Promise<string | undefined> {
  const uri = await repositoryUri(ecr, repository);
  let newest: ImageDetail | undefined;
  let nextToken: string | undefined;
  do {
    const page = await ecr.send(
      new DescribeImagesCommand({
        repositoryName: repository,
        filter: { tagStatus: 'TAGGED' },
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const image of page.imageDetails ?? []) if (pushedAt(image) > pushedAt(newest)) newest = image;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return newest?.imageDigest === undefined || uri === undefined ? undefined : `${uri}@${newest.imageDigest}`;
}

function pushedAt(image: ImageDetail | undefined): number {
  return image?.imagePushedAt?.getTime() ?? 0;
}

async function repositoryUri(ecr: ECRClient, repository: string): Promise<string | undefined> {
  const answer = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository] }));
  return answer.repositories?.[0]?.repositoryUri;
}

/** Whether an image of this account's registry is there; undefined for images of others, which are not looked at. */
export async function isInRegistry(ecr: ECRClient, uri: string, accountId: string): Promise<boolean | undefined> {
  const [, registry, repository = '', digest = ''] = /^(\d{12})\.dkr\.ecr\.[^/]+\/([^@]+)@(.+)$/.exec(uri) ?? [];
  if (registry !== accountId) return undefined;
  const answer = await unlessMissing(
    ecr.send(new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageDigest: digest }] })),
  );
  return (answer?.imageDetails?.length ?? 0) > 0;
}
