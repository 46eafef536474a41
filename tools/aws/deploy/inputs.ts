/** All that stacks are given: the stage's file, images, what lies in the build bucket, and what is live. */
import { DescribeModelPackageGroupCommand } from '@aws-sdk/client-sagemaker';
import { HandedOver, readHandedOver } from '../account/handed-over';
import { findImages, FoundImage, ImageName, IMAGES } from '../account/images';
import { LiveTraffic, readLiveTraffic } from '../account/live-colours';
import { Artifact, collectArtifacts } from '../artifacts/artifacts';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { StageName, stackName } from '../stage/areas';
import { GivenValues } from '../stage/stack-parameters';
import { findStack, readinessOf } from '../stacks/stack-state';
import { Template } from '../../cloudformation/template';

export interface InputSources {
  readonly clients: AwsClients;
  readonly name: StageName;
  readonly all: readonly Template[];
  readonly stageFile: GivenValues;
  readonly named: ReadonlyMap<ImageName, string>;
}

export interface Inputs {
  readonly given: GivenValues;
  readonly images: ReadonlyMap<ImageName, FoundImage>;
  readonly artifacts: readonly Artifact[];
  readonly live: LiveTraffic;
  readonly handedOver: HandedOver;
}

/** Bundles are made once: `artifacts` are those of an earlier call. */
export async function collectInputs(sources: InputSources, artifacts?: readonly Artifact[]): Promise<Inputs> {
  const { clients, name, all, stageFile, named } = sources;
  const handedOver = await readHandedOver(clients.ssm, name);
  const running = await runningParameters(sources);
  const images = await findImages(clients.ecr, { named, handedOver, running });
  const live = await readLiveTraffic(clients, handedOver);
  const parameters = new Set(all.flatMap((template) => Object.keys(template.parameters)));
  const collected = artifacts ?? (await collectArtifacts(parameters));
  return {
    ...{ images, live, handedOver },
    artifacts: collected,
    given: {
      ...stageFile,
      ...Object.fromEntries([...images].map(([image, { uri }]) => [IMAGES[image], uri])),
      ...Object.fromEntries(collected.map(({ parameter, key }) => [parameter, key])),
      ...live.colours,
      ...(await modelPackageGroup(sources, running)),
    },
  };
}

/** Parameters of the stacks that take images, as these stacks are. */
async function runningParameters({ clients, name, all }: InputSources): Promise<Record<string, string>> {
  const imageParameters: readonly string[] = Object.values(IMAGES);
  const areas = all.filter(({ parameters }) => Object.keys(parameters).some((each) => imageParameters.includes(each)));
  const running: Record<string, string> = {};
  for (const { area } of areas) {
    const stack = await findStack(clients.cloudFormation, stackName(name, area));
    if (stack === undefined || readinessOf(stack.StackStatus ?? '') === 'remains') continue;
    for (const { ParameterKey = '', ParameterValue = '' } of stack.Parameters ?? []) {
      running[ParameterKey] = ParameterValue;
    }
  }
  return running;
}

const GROUP_PARAMETER = 'CreateModelPackageGroup';

/** The group of registered models is kept when its stack goes, and has a fixed name: a later stack takes it as it is. */
async function modelPackageGroup(
  { clients, name, all }: InputSources,
  running: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  if (!all.some(({ parameters }) => GROUP_PARAMETER in parameters)) return {};
  const now = running[GROUP_PARAMETER];
  if (now !== undefined) return { [GROUP_PARAMETER]: now };
  const group = await unlessMissing(
    clients.sageMaker.send(
      new DescribeModelPackageGroupCommand({ ModelPackageGroupName: `${name.project}-${name.stage}` }),
    ),
  );
  return { [GROUP_PARAMETER]: group === undefined ? 'true' : 'false' };
}
