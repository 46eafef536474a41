/**
 * What the function does about an event: the endpoint serves the newest version that is approved. It knows nothing of
 * Lambda and queues.
 */
import {
  checkDeployment,
  deployedVersion,
  DeploymentContext,
  describeModelPackage,
  EndpointBusyError,
  EndpointNotFoundError,
  listApprovedVersions,
  ModelPackage,
  ModelPackageNotFoundError,
  startDeployment,
} from '@app/model-deployment';
import type { FunctionLog } from '../function-log';
import type { SageMakerEvent } from './sagemaker-events';

/** Throws what the deployment throws: an `EndpointBusyError` when it has to be tried again later. */
export async function followRegistry(
  event: SageMakerEvent,
  context: DeploymentContext,
  log: FunctionLog,
): Promise<void> {
  const { endpointName, modelPackageGroup } = context.settings;
  if (event.kind === 'endpoint') {
    if (isSame(event.endpointName, endpointName)) await reportDeployment(context, log);
    else log.log('info', 'an event of another endpoint', { endpointName: event.endpointName });
  } else if (!isSame(event.group, modelPackageGroup)) {
    log.log('info', 'an event of another model package group', { group: event.group });
  } else if (event.approval === 'Approved') {
    await deployIfNewest(event.modelPackageArn, context, log);
  } else if (event.approval === 'Rejected') {
    await leaveIfServing(event.modelPackageArn, context, log);
  } else {
    log.log('info', 'waits for approval', { modelPackageArn: event.modelPackageArn });
  }
}

async function deployIfNewest(modelPackageArn: string, context: DeploymentContext, log: FunctionLog): Promise<void> {
  const { number, approval } = await describeModelPackage(context.sageMaker, modelPackageArn);
  if (approval !== 'Approved') {
    log.log('info', 'the version is no longer approved', { modelPackageArn, number, approval });
    return;
  }
  const [newest] = await listApprovedVersions(context);
  if (newest !== undefined && newest.number > number) {
    log.log('info', 'superseded by a newer version', { modelPackageArn, number, newest: newest.number });
    return;
  }
  await start(modelPackageArn, context, log);
}

async function leaveIfServing(modelPackageArn: string, context: DeploymentContext, log: FunctionLog): Promise<void> {
  const rejected = await describeModelPackage(context.sageMaker, modelPackageArn).catch(deletedOrThrow);
  if (rejected !== undefined && rejected.approval !== 'Rejected') {
    log.log('info', 'the version is no longer rejected', { modelPackageArn, approval: rejected.approval });
    return;
  }
  const deployed = await deployedVersion(context);
  const { endpointName } = context.settings;
  // It can only be left once it has arrived.
  if (deployed?.pending?.modelPackageArn === modelPackageArn)
    throw new EndpointBusyError(endpointName, deployed.status);
  if (deployed?.serving?.modelPackageArn !== modelPackageArn) {
    log.log('info', 'rejected, and does not serve', { modelPackageArn });
    return;
  }
  // The list may not know of the rejection yet.
  const remaining = (await listApprovedVersions(context)).find(
    (version) => version.modelPackageArn !== modelPackageArn,
  );
  if (remaining === undefined) {
    const message = 'serves a rejected version, because no other one is approved';
    log.count('ModelDeploymentRefused', { Endpoint: endpointName }, message, { modelPackageArn });
    return;
  }
  await start(remaining.modelPackageArn, context, log);
}

async function start(modelPackageArn: string, context: DeploymentContext, log: FunctionLog): Promise<void> {
  const { result, notes, ...deployment } = await startDeployment(context, modelPackageArn);
  log.log('info', `deployment ${result}`, { ...deployment, ...(notes.length === 0 ? {} : { notes }) });
}

async function reportDeployment(context: DeploymentContext, log: FunctionLog): Promise<void> {
  const { endpointName } = context.settings;
  try {
    const outcome = await checkDeployment(context);
    const { state, ...fields } = outcome;
    if (state === 'failed' || (outcome.state === 'rolled-back' && outcome.isNews)) {
      log.count('ModelDeploymentRolledBack', { Endpoint: endpointName }, `deployment ${state}`, fields);
    } else {
      log.log('info', `deployment ${state}`, fields);
    }
  } catch (error) {
    if (!(error instanceof EndpointNotFoundError)) throw error;
    log.log('info', 'the endpoint was deleted');
  }
}

function deletedOrThrow(error: unknown): ModelPackage | undefined {
  if (error instanceof ModelPackageNotFoundError) return undefined;
  throw error;
}

/** SageMaker's names are the same whatever their case; ARNs have them in lower case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
