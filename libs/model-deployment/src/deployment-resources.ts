/**
 * The model and the endpoint configuration of a deployment. Their names follow from all that is in them, so that
 * whoever does the same again, here or in another process, finds what is there; and SageMaker deploys a configuration
 * only if its name is another one.
 */
import {
  CreateEndpointConfigCommand,
  CreateEndpointConfigInput,
  CreateModelCommand,
  CreateModelInput,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ModelPackage } from './approved-model-packages';
import { DeploymentSettings, VARIANT_NAME } from './deployment-context';
import { DeploymentError } from './deployment.error';
import { isTaken } from './sagemaker-failures';

/** Of models, endpoint configurations and endpoints. */
const MOST_CHARACTERS = 63;

export interface DeploymentResources {
  readonly model: CreateModelInput & { readonly ModelName: string };
  readonly config: CreateEndpointConfigInput & { readonly EndpointConfigName: string };
}

export function resourcesFor(modelPackage: ModelPackage, settings: DeploymentSettings): DeploymentResources {
  const model = {
    ExecutionRoleArn: settings.executionRoleArn,
    Containers: [
      { ModelPackageName: modelPackage.modelPackageArn, Environment: { MODEL_VERSION: modelPackage.servedVersion } },
    ],
  };
  const nameOf = (...content: unknown[]) => resourceName(settings.modelPackageGroup, modelPackage.number, content);
  // A group that was deleted and made again counts from 1 again.
  const ModelName = nameOf(model, modelPackage.created?.toISOString());
  const config = {
    ProductionVariants: [{ VariantName: VARIANT_NAME, ModelName, ...capacityOf(settings) }],
    ...(settings.kmsKeyId === undefined ? {} : { KmsKeyId: settings.kmsKeyId }),
  };
  return {
    model: { ModelName, ...model },
    config: { EndpointConfigName: nameOf(config), ...config },
  };
}

/** Creates what is not there yet. Throws when a name is taken by something else. */
export async function ensureResources(
  sageMaker: SageMakerClient,
  { model, config }: DeploymentResources,
): Promise<void> {
  const { ModelName, EndpointConfigName } = { ...model, ...config };
  await sageMaker.send(new CreateModelCommand(model)).catch(async (error: unknown) => {
    if (!isTaken(error)) throw error;
    const found = await sageMaker.send(new DescribeModelCommand({ ModelName }));
    // A model of one container may be told as its primary one.
    const containers = found.Containers ?? [found.PrimaryContainer];
    refuseOther(ModelName, model, { ...found, Containers: containers });
  });
  await sageMaker.send(new CreateEndpointConfigCommand(config)).catch(async (error: unknown) => {
    if (!isTaken(error)) throw error;
    const found = await sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
    refuseOther(EndpointConfigName, config, found);
  });
}

function capacityOf({ capacity }: DeploymentSettings): object {
  return capacity.kind === 'serverless'
    ? { ServerlessConfig: { MemorySizeInMB: capacity.memorySizeInMb, MaxConcurrency: capacity.maxConcurrency } }
    : { InstanceType: capacity.instanceType, InitialInstanceCount: capacity.instanceCount };
}

/** The group is cut where there is no room for it. */
function resourceName(group: string, number: number, content: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  const end = `-v${number}-${hash}`;
  return `${group.slice(0, MOST_CHARACTERS - end.length).replace(/-+$/, '')}${end}`;
}

function refuseOther(name: string, wanted: object, found: object): void {
  if (includes(found, wanted)) return;
  throw new DeploymentError(
    'name-taken',
    `SageMaker has a ${name} already, and it is not what would be created. ` +
      'Somebody made it by hand: delete it and try again.',
  );
}

/** Whether everything that was asked for is found; SageMaker adds defaults of its own. */
function includes(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return isDeepStrictEqual(found, wanted);
  if (typeof found !== 'object' || found === null) return false;
  const members = new Map(Object.entries(found));
  return Object.entries(wanted).every(([key, value]) => includes(members.get(key), value));
}
