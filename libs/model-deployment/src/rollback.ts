import { ModelApprovalStatus, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { listApprovedVersions, ModelVersion } from './approved-model-packages';
import type { DeploymentContext } from './deployment-context';
import { EndpointNotFoundError, NothingToRollBackToError } from './deployment.error';
import { readEndpoint, versionIn } from './endpoint-state';
import { startDeployment, StartedDeployment } from './start-deployment';

export interface Rollback {
  readonly from: ModelVersion;
  readonly to: StartedDeployment;
}

/**
 * Goes back to the version that served before and is still approved, and rejects the one that is left, so that nobody
 * deploys it again for being the newest. Returns as soon as that has begun, as `startDeployment` does; to call it
 * again before it has ended does no harm.
 *
 * The deployment begins before the rejection: whoever acts on the rejection finds the endpoint on its way already,
 * and a rollback that cannot begin rejects nothing.
 */
export async function rollback(context: DeploymentContext): Promise<Rollback> {
  const { sageMaker, settings } = context;
  const endpoint = await readEndpoint(context);
  if (endpoint === undefined) throw new EndpointNotFoundError(settings.endpointName);
  const from = endpoint.configName === undefined ? undefined : await versionIn(context, endpoint.configName);
  if (from === undefined) {
    throw new NothingToRollBackToError(settings.endpointName, 'it does not serve a version of the registry.');
  }

  const earlier = endpoint.tags.deployments.filter((number) => number !== from.number).reverse();
  const approved = await listApprovedVersions(context);
  const target = earlier.map((number) => approved.find((version) => version.number === number)).find(Boolean);
  if (target === undefined) {
    throw new NothingToRollBackToError(
      settings.endpointName,
      earlier.length === 0
        ? `version ${from.number} is the first that it serves.`
        : `of the versions that served before (${earlier.join(', ')}) none is Approved. Approve one and deploy it.`,
    );
  }

  const to = await startDeployment(context, target.modelPackageArn);
  await sageMaker.send(
    new UpdateModelPackageCommand({
      ModelPackageArn: from.modelPackageArn,
      ModelApprovalStatus: ModelApprovalStatus.REJECTED,
      ApprovalDescription: `rolled back from the endpoint ${settings.endpointName} to version ${to.number}`,
    }),
  );
  return { from, to };
}
