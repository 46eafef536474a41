/** Finds what would make a deployment fail, before anything is made. */
import { enumerate } from '../../../apps/pipeline/src/output/figures';
import { ResolvedTemplate } from '../../cloudformation/resolve-template';
import { ImageName, IMAGES, isInRegistry } from '../account/images';
import { ImagePlan } from '../deploy/image-plan';
import { AwsClients } from '../clients';
import { Inputs } from '../deploy/inputs';
import { missingHandovers, missingParameters, stackParameters } from '../stage/stack-parameters';
import { StageName, stageOptions } from '../stage/areas';
import { checkDeliverySource } from './delivery-source';
import { Finding, fault } from './finding';
import { Identity } from './identity';
import { checkPermissions } from './permissions';
import { buildNeeds, checkQuotas, quotaNeeds } from './quotas';
import { requiredActions } from './required-actions';

export interface PreflightInput {
  readonly clients: AwsClients;
  readonly identity: Identity;
  readonly region: string;
  readonly name: StageName;
  readonly inputs: Inputs;
  readonly images: ImagePlan;
  /** Whether a build of the images was asked for. */
  readonly builds: boolean;
  readonly checksPermissions: boolean;
  /** The parts that are deployed. */
  readonly chosen: readonly ResolvedTemplate[];
  /** Those of them that have no stack yet. */
  readonly created: readonly ResolvedTemplate[];
}

export async function preflight(input: PreflightInput): Promise<Finding[]> {
  const { clients, identity, chosen, created, inputs, name } = input;
  const handovers = missingHandovers(chosen, name, inputs.handedOver);
  const findings: Finding[] = [
    ...handovers.map(fault),
    ...inputs.live.faults.map((text) => fault(`${text} Wait for the end, then deploy.`)),
    ...checkParameters(input),
    ...checkDeliverySource(chosen, name.stage),
    ...(await checkImages(input)),
  ];
  if (input.checksPermissions) {
    findings.push(...(await checkPermissions(clients.iam, identity, requiredActions(chosen))));
  }
  findings.push(...(await checkQuotas(clients, quotaNeeds(created, chosen))));
  if (input.images.builds) findings.push(...(await checkBuilds(input)));
  return findings;
}

/** Images have a sentence of their own. */
function checkParameters({ chosen, inputs, name }: PreflightInput): Finding[] {
  const images: readonly string[] = Object.values(IMAGES);
  return chosen.flatMap(({ template }) => {
    const missing = missingParameters(template, stackParameters(template, name, inputs.given));
    const others = missing.filter((parameter) => !images.includes(parameter));
    if (others.length === 0) return [];
    const file = `cloudformation/stages/${name.stage}.yaml`;
    return [fault(`cloudformation/${template.file} has no default for ${others.join(', ')}: set it in ${file}.`)];
  });
}

async function checkImages(input: PreflightInput): Promise<Finding[]> {
  const { clients, identity, inputs, name } = input;
  const { needed, missing, canBuild } = input.images;
  const findings: Finding[] = [];
  if (missing.length > 0 && !canBuild) {
    const subject = missing.length === 1 ? 'There is no image' : 'There are no images';
    findings.push(
      fault(
        `${subject} of ${enumerate(missing)}. Without one no task can start.\n` +
          `What builds them is not among these parts: npm run deploy -- ${stageOptions(name)}, without --only, does it.\n` +
          `Or name them: --image ${missing[0] ?? ''}=REGISTRY/NAME@sha256:…`,
      ),
    );
  }
  if (input.builds && inputs.handedOver.has('delivery/pipeline-name')) {
    findings.push(
      fault(
        '--build is for the time before there is a pipeline. The one of this stage builds what it releases:\n' +
          `  npm run release -- ${stageOptions(name)}`,
      ),
    );
  }
  if (input.builds && !canBuild) {
    findings.push(fault('--build needs what builds: it is neither in this account yet nor among the parts of --only.'));
  }
  for (const image of needed) {
    const uri = inputs.images.get(image)?.uri;
    if (uri === undefined || (await isInRegistry(clients.ecr, uri, identity.accountId)) !== false) continue;
    findings.push(fault(`The image of ${image} is not in its repository (any more): ${uri}`));
  }
  return findings;
}

/** An account that cannot build is told before anything is made, and what else there is to do. */
async function checkBuilds(input: PreflightInput): Promise<Finding[]> {
  const quotas = await checkQuotas(input.clients, buildNeeds(input.chosen));
  return quotas.map(({ kind, text }) =>
    kind === 'fault' ? fault(`No image can be built here. ${text}\n${howToPush(input)}`) : { kind, text },
  );
}

function howToPush({ images: { needed }, inputs, name, identity, region }: PreflightInput): string {
  const registry = `${identity.accountId}.dkr.ecr.${region}.amazonaws.com`;
  const deploy = `npm run deploy -- ${stageOptions(name)}`;
  const repositories = needed.map((image) => inputs.handedOver.get(`storage/${image}-repository`));
  if (repositories.includes(undefined)) {
    return (
      'Or build the images on a machine of yours, with Docker. That begins with the repositories:\n' +
      `  ${deploy} --only network,storage\nThen run this command again; it tells how to fill them.`
    );
  }
  const uri = (index: number) => `${registry}/${repositories[index] ?? ''}:first`;
  return [
    'Or build the images on a machine of yours, with Docker:',
    `  aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`,
    ...needed.map(
      (image: ImageName, index) =>
        `  docker build --file Dockerfile.${image} --tag ${uri(index)} . && docker push ${uri(index)}`,
    ),
    `  ${deploy}`,
  ].join('\n');
}
