import { EndpointStatus } from '@aws-sdk/client-sagemaker';
import type { ModelVersion } from './approved-model-packages';
import type { DeploymentContext } from './deployment-context';
import { readEndpoint, versionIn } from './endpoint-state';

export interface DeployedVersion {
  readonly status: EndpointStatus;
  /** What serves; undefined for an endpoint that never served, or was not made from a model package. */
  readonly serving: ModelVersion | undefined;
  /** What is on its way to serve. */
  readonly pending: ModelVersion | undefined;
}

/** What the endpoint really serves, as SageMaker tells it; undefined when there is no endpoint. */
export async function deployedVersion(context: DeploymentContext): Promise<DeployedVersion | undefined> {
  const endpoint = await readEndpoint(context);
  if (endpoint === undefined) return undefined;
  const { status, configName, pendingConfigName } = endpoint;
  const isServing = configName !== undefined && status !== EndpointStatus.FAILED;
  return {
    status,
    serving: isServing ? await versionIn(context, configName) : undefined,
    pending: pendingConfigName === undefined ? undefined : await versionIn(context, pendingConfigName),
  };
}
