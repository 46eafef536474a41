/**
 * What a rollout of each service needs, and whether there is anything to roll out: the image that was built, by the newest definition
 * of its task, where the stage wants it. Services that are all that already are left out of the delivery.
 */
import type { ECSClient, TaskDefinition } from '@aws-sdk/client-ecs';
import type { StageName } from '../aws/stage/areas';
import { Placement, renderAppspec } from './appspec';
import { BuiltImage, buildOf } from './built-images';
import { ServiceName, StageValues } from './stage-values';
import { CONTAINER, imageOf, isSameTask, withImage } from './task-definition';
import { newestDefinition, readRunningServices, RunningService } from './what-runs';

/** What stands in the definition for the image: CodePipeline puts the one of imageDetail.json there. */
const IMAGE_PLACEHOLDER = '<IMAGE1_NAME>';

export interface Rollout {
  readonly service: ServiceName;
  /** Contents by the names of files that CodeDeploy and ECS know them by. */
  readonly files: Readonly<Record<string, string>>;
  /** Why the service is rolled out, a phrase each; none when it is what it was. */
  readonly reasons: readonly string[];
}

export interface RolloutInput {
  readonly ecs: ECSClient;
  readonly stage: StageName;
  readonly images: Readonly<Record<ServiceName, BuiltImage>>;
  readonly values: StageValues;
  /** Text of appspec.yaml. */
  readonly appspec: string;
}

export async function planRollouts(input: RolloutInput): Promise<Rollout[]> {
  const running = await readRunningServices(input.ecs, input.values);
  return [
    await blueGreen('was', running.was, input),
    await blueGreen('web', running.web, input),
    rolling('monitor', running.monitor, input),
  ];
}

/** By CodeDeploy: the definition is registered anew for each rollout. */
async function blueGreen(
  service: 'was' | 'web',
  running: RunningService,
  { ecs, stage, images, values, appspec }: RolloutInput,
): Promise<Rollout> {
  const image = images[service];
  const newest = await newestDefinition(ecs, `${stage.project}-${stage.stage}-${service}`);
  const placement = placementOf(service, values);
  const definition = withImage(newest, IMAGE_PLACEHOLDER, buildOf(image));
  return {
    service,
    files: {
      'taskdef.json': json(definition),
      'appspec.yaml': renderAppspec(appspec, placement, `CodeDeployHook_${stage.project}-${stage.stage}`),
      'imageDetail.json': json({ ImageURI: image.uri }),
    },
    reasons: [
      ...imageReasons(service, image, running.definition, values),
      ...definitionReasons(running.definition, newest),
      ...(running.placement === undefined || isSamePlace(running.placement, placement)
        ? []
        : ['its tasks belong elsewhere']),
    ],
  };
}

/** By ECS, which keeps the definition that the service has and exchanges the image: its definition is CloudFormation's to change. */
function rolling(service: 'monitor', running: RunningService, { images, values }: RolloutInput): Rollout {
  const image = images[service];
  return {
    service,
    files: { 'imagedefinitions.json': json([{ name: CONTAINER, imageUri: image.uri }]) },
    reasons: imageReasons(service, image, running.definition, values),
  };
}

/**
 * A rollout may be on its way while this build runs, so what runs is not all that counts: the image has to be that of the last build
 * as well.
 */
function imageReasons(
  service: ServiceName,
  { uri }: BuiltImage,
  running: TaskDefinition | undefined,
  { recorded }: StageValues,
): string[] {
  if (running === undefined) return ['nothing runs'];
  if (imageOf(running) !== uri) return ['its image is new'];
  return recorded[service] === uri ? [] : ['the build before this one had another image'];
}

function definitionReasons(running: TaskDefinition | undefined, newest: TaskDefinition): string[] {
  if (running === undefined) return [];
  const image = imageOf(running) ?? '';
  return isSameTask(running, withImage(newest, image, '')) ? [] : ['its task definition is new'];
}

function placementOf(service: 'was' | 'web', { needed }: StageValues): Placement {
  return {
    capacityProvider: needed['services/capacity-provider'],
    subnets: needed['network/service-subnet-ids'].split(','),
    securityGroups: [needed[`network/${service}-security-group-id`]],
    assignPublicIp: needed['network/assign-public-ip'],
  };
}

function isSamePlace(one: Placement, other: Placement): boolean {
  const text = ({ subnets, securityGroups, ...rest }: Placement) =>
    JSON.stringify([rest.capacityProvider, rest.assignPublicIp, subnets.toSorted(), securityGroups.toSorted()]);
  return text(one) === text(other);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
