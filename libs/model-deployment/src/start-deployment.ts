import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  EndpointStatus,
  ModelApprovalStatus,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeModelPackage, ModelVersion } from './approved-model-packages';
import { pollIntervalMs } from './poll-interval';
import type { DeploymentContext } from './deployment-context';
import { ensureResources, resourcesFor } from './deployment-resources';
import { DeploymentTags, formatTags, withVersion, writeTags } from './deployment-tags';
import { DeploymentError, EndpointBusyError } from './deployment.error';
import { describeEndpoint, EndpointState, readEndpoint, versionIn } from './endpoint-state';
import { endScaling } from './instance-scaling';
import { isInProgress, isNoSuchEndpointConfig, isTaken } from './sagemaker-failures';
import { rolloutOfInstances, rolloutOfServerless } from './traffic-routing';

export interface StartedDeployment extends ModelVersion {
  readonly result: 'started' | 'already-serving' | 'already-on-its-way';
  /** How the model calls itself when it serves: `2.0.0`. */
  readonly servedVersion: string;
  readonly configName: string;
  /** Sentences on what is done otherwise than the settings say. */
  readonly notes: readonly string[];
}

/** In these, an endpoint can be neither updated nor deleted. */
const BUSY: readonly EndpointStatus[] = [
  EndpointStatus.CREATING,
  EndpointStatus.UPDATING,
  EndpointStatus.SYSTEM_UPDATING,
  EndpointStatus.ROLLING_BACK,
  EndpointStatus.DELETING,
];

/** Looks at a deleted endpoint until it is gone; then it is left to whoever tries again. */
const LOOKS_AFTER_DELETION = 8;
const TRIES_UNTIL_VISIBLE = 5;

/**
 * Makes the endpoint serve a version, and returns as soon as SageMaker has begun with that; `waitForDeployment` or,
 * after the endpoint has changed its state, `checkDeployment` say how it ended. To call it twice, or after it broke
 * off anywhere, does no harm.
 *
 * Throws a `DeploymentError` for a version that is not approved, for an endpoint of the other kind, and, as
 * `EndpointBusyError`, for one that is on its way to something else. Errors of the SDK come through.
 */
export async function startDeployment(context: DeploymentContext, modelPackageArn: string): Promise<StartedDeployment> {
  const { sageMaker, settings } = context;
  const modelPackage = await describeModelPackage(sageMaker, modelPackageArn);
  if (modelPackage.approval !== ModelApprovalStatus.APPROVED) {
    throw new DeploymentError(
      'not-approved',
      `Version ${modelPackage.number} is ${modelPackage.approval ?? 'not approved'}, ` +
        'and only Approved versions are deployed: approve it first.',
    );
  }
  const resources = resourcesFor(modelPackage, settings);
  const configName = resources.config.EndpointConfigName;
  const { number, servedVersion } = modelPackage;
  const answer = (result: StartedDeployment['result'], notes: readonly string[] = []): StartedDeployment => ({
    number,
    modelPackageArn: modelPackage.modelPackageArn,
    result,
    servedVersion,
    configName,
    notes,
  });

  const endpoint = await readEndpoint(context);
  if (endpoint?.pendingConfigName === configName) return answer('already-on-its-way');
  if (endpoint !== undefined && endpoint.pendingConfigName === undefined && serves(endpoint, configName)) {
    await forgetOtherAttempts(context, endpoint, configName);
    return answer('already-serving');
  }
  refuseIfBusy(context, endpoint);
  if (endpoint !== undefined && isAlive(endpoint)) refuseOtherKind(context, endpoint);

  await ensureResources(sageMaker, resources);
  if (endpoint !== undefined && isAlive(endpoint))
    return answer('started', await update(context, endpoint, configName));
  if (endpoint !== undefined) await deleteFailed(context, endpoint);
  await create(context, configName, endpoint?.tags.deployments ?? []);
  return answer('started');
}

/**
 * `DeleteEndpoint is the only operation that can be performed on a failed endpoint` (API reference of
 * DescribeEndpoint).
 */
function isAlive(endpoint: EndpointState): boolean {
  return endpoint.status !== EndpointStatus.FAILED;
}

function serves(endpoint: EndpointState, configName: string): boolean {
  return isAlive(endpoint) && endpoint.status !== EndpointStatus.DELETING && endpoint.configName === configName;
}

function refuseIfBusy({ settings }: DeploymentContext, endpoint: EndpointState | undefined): void {
  if (endpoint === undefined || !BUSY.includes(endpoint.status)) return;
  const { status, pendingConfigName } = endpoint;
  throw new EndpointBusyError(
    settings.endpointName,
    pendingConfigName === undefined ? status : `${status} (on its way to ${pendingConfigName})`,
  );
}

function refuseOtherKind({ settings }: DeploymentContext, { serverless }: EndpointState): void {
  if (serverless === (settings.capacity.kind === 'serverless')) return;
  const [is, wanted] = serverless ? ['serverless', 'made of instances'] : ['made of instances', 'serverless'];
  throw new DeploymentError(
    'endpoint-kind',
    `The endpoint ${settings.endpointName} is ${is} and cannot become ${wanted}: ` +
      'deploy to an endpoint of another name, then delete this one.',
  );
}

/** An attempt that was rolled back is no longer the last one when the version that serves has been asked for again. */
async function forgetOtherAttempts(
  context: DeploymentContext,
  endpoint: EndpointState,
  configName: string,
): Promise<void> {
  if (endpoint.tags.attempted?.configName === configName) return;
  await writeTags(context.sageMaker, endpoint.arn, {
    ...endpoint.tags,
    attempted: { configName, outcome: undefined },
  });
}

async function update(
  context: DeploymentContext,
  endpoint: EndpointState,
  configName: string,
): Promise<readonly string[]> {
  const { sageMaker, settings } = context;
  const { rollout, capacity } = settings;
  const { deploymentConfig, notes } =
    capacity.kind === 'serverless'
      ? rolloutOfServerless(rollout)
      : rolloutOfInstances(rollout, endpoint.instanceCount ?? capacity.instanceCount);

  // What serves now did not have to be checked by anyone until now: this is the last moment to remember it.
  const serving = endpoint.configName === undefined ? undefined : await versionIn(context, endpoint.configName);
  const deployments = withVersion(endpoint.tags.deployments, serving?.number);
  // Before the update: whoever looks at the endpoint when it has ended must know what was tried.
  await writeTags(sageMaker, endpoint.arn, { deployments, attempted: { configName, outcome: undefined } });
  try {
    await onceVisible(context, () =>
      sageMaker.send(
        new UpdateEndpointCommand({
          EndpointName: settings.endpointName,
          EndpointConfigName: configName,
          // Otherwise the count of instances that autoscaling has chosen is set back. Serverless endpoints have none.
          ...(deploymentConfig === undefined
            ? {}
            : { RetainAllVariantProperties: true, DeploymentConfig: deploymentConfig }),
        }),
      ),
    );
  } catch (error) {
    const pending = (await describeEndpoint(context))?.PendingDeploymentSummary?.EndpointConfigName;
    if (pending === configName) return notes; // the update has begun, and only its answer was lost
    const attempted = pending === undefined ? endpoint.tags.attempted : { configName: pending, outcome: undefined };
    await writeTags(sageMaker, endpoint.arn, { deployments, attempted });
    throw isInProgress(error) ? new EndpointBusyError(settings.endpointName, 'Updating', { cause: error }) : error;
  }
  return notes;
}

async function create(
  context: DeploymentContext,
  configName: string,
  deployments: DeploymentTags['deployments'],
): Promise<void> {
  const { sageMaker, settings } = context;
  const command = new CreateEndpointCommand({
    EndpointName: settings.endpointName,
    EndpointConfigName: configName,
    Tags: formatTags({ deployments, attempted: { configName, outcome: undefined } }),
  });
  try {
    await onceVisible(context, () => sageMaker.send(command));
  } catch (error) {
    if (!isTaken(error)) throw error;
    if ((await readEndpoint(context))?.pendingConfigName === configName) return; // only the answer was lost
    throw new EndpointBusyError(settings.endpointName, 'being created', { cause: error });
  }
}

async function deleteFailed(context: DeploymentContext, { failureReason }: EndpointState): Promise<void> {
  const { sageMaker, settings } = context;
  await endScaling(context);
  await sageMaker.send(new DeleteEndpointCommand({ EndpointName: settings.endpointName }));
  for (let look = 0; look < LOOKS_AFTER_DELETION; look++) {
    if ((await describeEndpoint(context)) === undefined) return;
    await sleep(pollIntervalMs(context));
  }
  throw new EndpointBusyError(
    settings.endpointName,
    `being deleted because it had failed (${failureReason ?? 'SageMaker gave no reason'})`,
  );
}

/**
 * SageMaker may not see yet what was created a moment ago (API reference of CreateEndpoint, on eventually consistent
 * reads).
 */
async function onceVisible<T>(context: DeploymentContext, send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!isNoSuchEndpointConfig(error) || tries === TRIES_UNTIL_VISIBLE) throw error;
      await sleep(pollIntervalMs(context) / 10);
    }
  }
}
