/** Finds what would make a deployment fail, before anything is made. */
import { enumerate } from '../../../apps/pipeline/src/output/figures';
import { ResolvedTemplate } from '../../cloudformation/resolve-template';
import { Template } from '../../cloudformation/template';
import { IMAGE_NAMES, ImageName, IMAGES, isInRegistry } from '../account/images';
import { AwsClients } from '../clients';
import { Inputs } from '../deploy/inputs';
import { missingHandovers, missingParameters, stackParameters } from '../stage/stack-parameters';
import { StageName, stageOptions } from '../stage/areas';
import { Finding, fault } from './finding';
import { Identity } from './identity';
import { checkPermissions } from './permissions';
import { checkQuotas, quotaNeeds } from './quotas';
import { requiredActions } from './required-actions';

export interface PreflightInput {
  readonly clients: AwsClients;
  readonly identity: Identity;
  readonly region: string;
  readonly name: StageName;
  readonly inputs: Inputs;
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
    ...(await checkImages(input)),
  ];
  if (input.checksPermissions) {
    findings.push(...(await checkPermissions(clients.iam, identity, requiredActions(chosen))));
  }
  findings.push(...(await checkQuotas(clients, quotaNeeds(created, chosen))));
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
  const { clients, identity, inputs, chosen } = input;
  const needed = IMAGE_NAMES.filter((image) => chosen.some(({ template }) => takes(template, image)));
  const missing = needed.filter((image) => !inputs.images.has(image));
  const findings = missing.length === 0 ? [] : [fault(howToPush(missing, input))];
  for (const image of needed) {
    const uri = inputs.images.get(image)?.uri;
    if (uri === undefined || (await isInRegistry(clients.ecr, uri, identity.accountId)) !== false) continue;
    findings.push(fault(`The image of ${image} is not in its repository (any more): ${uri}`));
  }
  return findings;
}

function takes({ parameters }: Template, image: ImageName): boolean {
  return Object.hasOwn(parameters, IMAGES[image]);
}

function howToPush(missing: readonly ImageName[], { inputs, name, identity, region }: PreflightInput): string {
  const subject = missing.length === 1 ? 'There is no image' : 'There are no images';
  const registry = `${identity.accountId}.dkr.ecr.${region}.amazonaws.com`;
  const deploy = `npm run deploy -- ${stageOptions(name)}`;
  const repositories = missing.map((image) => inputs.handedOver.get(`storage/${image}-repository`));
  const first = repositories.includes(undefined)
    ? [
        `Make the repositories:\n  ${deploy} --only network,storage\nThen run this command again; it tells how to fill them.`,
      ]
    : [
        `  aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`,
        ...missing.map((image, index) => {
          const uri = `${registry}/${repositories[index] ?? ''}:first`;
          return `  docker build --file Dockerfile.${image} --tag ${uri} . && docker push ${uri}`;
        }),
        `  ${deploy}`,
      ];
  return `${subject} of ${enumerate(missing)}. Without one no task can start.\n${first.join('\n')}\nOr name them: --image ${missing[0] ?? ''}=REGISTRY/NAME@sha256:…`;
}
