/** Which images a deployment needs, where each comes from, and which are built on the way. Pure. */
import { Template } from '../../cloudformation/template';
import { HandedOver } from '../account/handed-over';
import { FoundImage, IMAGE_NAMES, ImageName, NEWEST_BUILD_COUNTS, takesImage } from '../account/images';
import { BUILD_TAKES } from '../image-build/image-build';
import { PlanLine } from './plan-lines';

export interface ImagePlan {
  /** By the parts that are deployed. */
  readonly needed: readonly ImageName[];
  /** Those of them that nobody knows. */
  readonly missing: readonly ImageName[];
  /** Whether there is, or will be, a project of CodeBuild. */
  readonly canBuild: boolean;
  /** A build makes all images; those that are known already it finds by their content. */
  readonly builds: boolean;
}

export interface ImagePlanInput {
  readonly chosen: readonly Template[];
  readonly images: ReadonlyMap<ImageName, FoundImage>;
  readonly handedOver: HandedOver;
  /** Whether a build was asked for. */
  readonly isAskedFor: boolean;
}

export function imagePlan({ chosen, images, handedOver, isAskedFor }: ImagePlanInput): ImagePlan {
  const needed = IMAGE_NAMES.filter((image) => chosen.some((template) => takesImage(template, image)));
  const missing = needed.filter((image) => !images.has(image));
  const canBuild = handedOver.has('build/bootstrap-project-name') || chosen.some(({ area }) => area === 'build');
  return { needed, missing, canBuild, builds: canBuild && (isAskedFor || missing.length > 0) };
}

const SOURCES: Readonly<Record<FoundImage['from'], string>> = {
  named: 'as named',
  running: 'as it runs',
  built: 'of the last build',
  newest: 'the newest in its repository',
};

/** Nothing as long as everything stays as it runs, or is what the last build made where that counts. */
export function imageLines(
  { needed, missing, builds }: ImagePlan,
  images: ReadonlyMap<ImageName, FoundImage>,
  source: string,
): PlanLine[] {
  const isKnown = (image: ImageName) =>
    [NEWEST_BUILD_COUNTS.includes(image) ? 'built' : 'running', 'running'].includes(images.get(image)?.from ?? '');
  if (!builds && needed.every(isKnown)) return [];
  const width = Math.max(...IMAGE_NAMES.map((image) => image.length));
  const lines = (builds ? IMAGE_NAMES : needed).map((image): PlanLine => {
    const found = images.get(image);
    const isBuilt = builds && (found === undefined || found.from === 'built' || found.from === 'newest');
    if (isBuilt || missing.includes(image)) return { text: `${image.padEnd(width)}  will be built`, colour: 'green' };
    return { text: `${image.padEnd(width)}  ${found === undefined ? '' : SOURCES[found.from]}` };
  });
  return builds ? [...lines, { text: `One build makes all of them, ${BUILD_TAKES}, of ${source}.` }] : lines;
}
