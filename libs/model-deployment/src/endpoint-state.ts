/** One look at the endpoint: what serves, what is on its way, and what its tags say. */
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeEndpointOutput,
  DescribeModelCommand,
  EndpointStatus,
} from '@aws-sdk/client-sagemaker';
import type { ModelVersion } from './approved-model-packages';
import type { DeploymentContext } from './deployment-context';
import { DeploymentTags, readTags } from './deployment-tags';
import { isNoSuchEndpoint, isNoSuchEndpointConfig, isNoSuchModel } from './sagemaker-failures';

export interface EndpointState {
  readonly arn: string;
  readonly status: EndpointStatus;
  /** Serves, or served last; undefined while the endpoint is created for the first time. */
  readonly configName: string | undefined;
  /** On its way to be served. */
  readonly pendingConfigName: string | undefined;
  readonly failureReason: string | undefined;
  readonly serverless: boolean;
  /** Instances that are wanted now; undefined for a serverless endpoint. */
  readonly instanceCount: number | undefined;
  /** What SageMaker says of the new fleet while it is made: `Baking: Baking for 300 seconds ...` */
  readonly detail: string | undefined;
  readonly tags: DeploymentTags;
}

/** Undefined when there is no endpoint. */
export async function readEndpoint(context: DeploymentContext): Promise<EndpointState | undefined> {
  const found = await describeEndpoint(context);
  if (found === undefined) return undefined;
  const { EndpointArn: arn, EndpointStatus: status } = found;
  if (arn === undefined || status === undefined) throw new TypeError('SageMaker described an endpoint without a state');
  const creating = status === EndpointStatus.CREATING;
  const [variant] = found.ProductionVariants ?? [];
  return {
    arn,
    status,
    configName: creating ? undefined : found.EndpointConfigName,
    pendingConfigName:
      found.PendingDeploymentSummary?.EndpointConfigName ?? (creating ? found.EndpointConfigName : undefined),
    failureReason: found.FailureReason,
    serverless: variant?.CurrentServerlessConfig !== undefined,
    instanceCount: variant?.DesiredInstanceCount,
    detail: detailOf(found),
    tags: await readTags(context.sageMaker, arn),
  };
}

export async function describeEndpoint({
  sageMaker,
  settings,
}: DeploymentContext): Promise<DescribeEndpointOutput | undefined> {
  try {
    return await sageMaker.send(new DescribeEndpointCommand({ EndpointName: settings.endpointName }));
  } catch (error) {
    if (isNoSuchEndpoint(error)) return undefined;
    throw error;
  }
}

/** The version in a configuration; undefined for one that was not made from a model package, or was deleted. */
export async function versionIn(context: DeploymentContext, configName: string): Promise<ModelVersion | undefined> {
  const modelPackageArn = await modelPackageIn(context, configName);
  const number = Number(modelPackageArn?.split('/').at(2));
  return modelPackageArn === undefined || !Number.isInteger(number) ? undefined : { number, modelPackageArn };
}

async function modelPackageIn({ sageMaker }: DeploymentContext, configName: string): Promise<string | undefined> {
  try {
    const config = await sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName }));
    const ModelName = config.ProductionVariants?.[0]?.ModelName;
    const model = ModelName === undefined ? undefined : await sageMaker.send(new DescribeModelCommand({ ModelName }));
    return (model?.Containers?.[0] ?? model?.PrimaryContainer)?.ModelPackageName;
  } catch (error) {
    if (isNoSuchEndpointConfig(error) || isNoSuchModel(error)) return undefined;
    throw error;
  }
}

function detailOf({ PendingDeploymentSummary: pending }: DescribeEndpointOutput): string | undefined {
  const status = pending?.ProductionVariants?.[0]?.VariantStatus?.at(-1);
  return status === undefined ? undefined : [status.Status, status.StatusMessage].filter(Boolean).join(': ');
}
