import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeploymentState, judge } from './check-deployment';
import type { DeploymentContext } from './deployment-context';
import { EndpointNotFoundError } from './deployment.error';
import { readEndpoint } from './endpoint-state';
import { pollIntervalMs } from './poll-interval';

export interface DeploymentProgress {
  readonly status: EndpointStatus;
  /** What SageMaker says of the new fleet, when it says something. */
  readonly detail: string | undefined;
}

export interface WaitOptions {
  /** Called at first and whenever something has changed. */
  readonly onProgress?: (progress: DeploymentProgress) => void;
  /** Ends the waiting, with its reason; the deployment goes on. */
  readonly signal?: AbortSignal;
}

/**
 * Looks at the endpoint until the last deployment has ended, and says how. It has no time limit of its own: SageMaker
 * has one.
 */
export async function waitForDeployment(
  context: DeploymentContext,
  { onProgress, signal }: WaitOptions = {},
): Promise<Exclude<DeploymentState, { state: 'in-progress' }>> {
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const endpoint = await readEndpoint(context);
    if (endpoint === undefined) throw new EndpointNotFoundError(context.settings.endpointName);
    const { status, detail } = endpoint;
    if (told !== `${status} ${detail ?? ''}`) onProgress?.({ status, detail });
    told = `${status} ${detail ?? ''}`;
    const state = await judge(context, endpoint);
    if (state.state !== 'in-progress') return state;
    await pause(pollIntervalMs(context), signal);
  }
}

/** `sleep` would throw an AbortError that hides the reason. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
