import type { DeploymentContext } from './deployment-context';

const DEFAULT_MS = 15_000;

export function pollIntervalMs(context: DeploymentContext): number {
  return context.pollIntervalMs ?? DEFAULT_MS;
}
