import { deployedModelUri } from '@app/contracts/pipeline';
import { EndpointStatus } from '@aws-sdk/client-sagemaker';
import { describeModelPackage } from './approved-model-packages';
import type { DeploymentContext } from './deployment-context';
import { DeploymentTags, Outcome, withVersion, writeTags } from './deployment-tags';
import { EndpointNotFoundError } from './deployment.error';
import { EndpointState, readEndpoint, versionIn } from './endpoint-state';
import { ensureScaling } from './instance-scaling';

export type DeploymentState =
  | { readonly state: 'in-progress'; readonly status: EndpointStatus; readonly detail: string | undefined }
  | {
      readonly state: 'serving';
      /** Undefined when the endpoint was not made from a model package. */
      readonly number: number | undefined;
      readonly configName: string;
      /** Whether nobody had seen this outcome before. */
      readonly isNews: boolean;
    }
  | {
      /** The endpoint serves as before, and says InService: only what was attempted tells that the update failed. */
      readonly state: 'rolled-back';
      /** What serves, and what was to serve. */
      readonly number: number | undefined;
      readonly attemptedNumber: number | undefined;
      readonly reason: string;
      readonly isNews: boolean;
    }
  | { readonly state: 'failed'; readonly reason: string };

const NO_REASON = 'SageMaker gave no reason';

const SETTLED: readonly EndpointStatus[] = [
  EndpointStatus.IN_SERVICE,
  EndpointStatus.OUT_OF_SERVICE,
  EndpointStatus.UPDATE_ROLLBACK_FAILED,
];

/**
 * Says what became of the last deployment. When it serves, its model file is copied to `deployed/`, for evaluations
 * to compare with, and its version put into the endpoint's history; both once, however often this is called. An endpoint in
 * service gets its autoscaling, where the settings say which. Throws `EndpointNotFoundError`.
 */
export async function checkDeployment(context: DeploymentContext): Promise<DeploymentState> {
  const endpoint = await readEndpoint(context);
  if (endpoint === undefined) throw new EndpointNotFoundError(context.settings.endpointName);
  return judge(context, endpoint);
}

/** The same for an endpoint that was just looked at. */
export async function judge(context: DeploymentContext, endpoint: EndpointState): Promise<DeploymentState> {
  const outcome = await outcomeOf(context, endpoint);
  // Last, so that what is remembered is not lost with it; whoever asks again does it again.
  if (endpoint.status === EndpointStatus.IN_SERVICE) await ensureScaling(context);
  return outcome;
}

async function outcomeOf(context: DeploymentContext, endpoint: EndpointState): Promise<DeploymentState> {
  const { status, configName, detail, failureReason, tags } = endpoint;
  if (status === EndpointStatus.FAILED) return { state: 'failed', reason: failureReason ?? NO_REASON };
  if (!SETTLED.includes(status) || configName === undefined) return { state: 'in-progress', status, detail };

  const { attempted } = tags;
  const serving = await versionIn(context, configName);
  if (attempted === undefined || attempted.configName === configName) {
    const isNews = attempted?.outcome !== 'serving';
    if (isNews && serving !== undefined) {
      const { modelDataUrl } = await describeModelPackage(context.sageMaker, serving.modelPackageArn);
      await context.objects.copy(modelDataUrl, deployedUri(context));
      await remember(context, endpoint, configName, 'serving', withVersion(tags.deployments, serving.number));
    }
    return { state: 'serving', number: serving?.number, configName, isNews };
  }
  const isNews = attempted.outcome !== 'rolled-back';
  if (isNews) await remember(context, endpoint, attempted.configName, 'rolled-back', tags.deployments);
  return {
    state: 'rolled-back',
    number: serving?.number,
    attemptedNumber: (await versionIn(context, attempted.configName))?.number,
    reason: failureReason ?? NO_REASON,
    isNews,
  };
}

function deployedUri({ settings }: DeploymentContext): string {
  return deployedModelUri(`s3://${settings.bucket}`, settings.endpointName);
}

async function remember(
  { sageMaker }: DeploymentContext,
  { arn }: EndpointState,
  configName: string,
  outcome: Outcome,
  deployments: DeploymentTags['deployments'],
): Promise<void> {
  await writeTags(sageMaker, arn, { deployments, attempted: { configName, outcome } });
}
