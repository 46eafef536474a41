import { CapacitySize, DeploymentConfig, TrafficRoutingConfig } from '@aws-sdk/client-sagemaker';
import type { Rollout } from './deployment-context';

export interface PlannedRollout {
  /** Undefined where SageMaker takes none. */
  readonly deploymentConfig: DeploymentConfig | undefined;
  /** Sentences on what is done otherwise than the settings say. */
  readonly notes: readonly string[];
}

/**
 * Deployment guardrails are for endpoints with instances only (Amazon SageMaker developer guide,
 * deployment-guardrails).
 */
export function rolloutOfServerless({ traffic, alarms }: Rollout): PlannedRollout {
  const asked = traffic.shift !== 'all-at-once' || alarms.length > 0;
  return {
    deploymentConfig: undefined,
    notes: asked ? ['A serverless endpoint changes all at once, and SageMaker watches no alarms meanwhile.'] : [],
  };
}

export function rolloutOfInstances(rollout: Rollout, instanceCount: number): PlannedRollout {
  const { traffic, alarms } = rollout;
  const inParts = traffic.shift !== 'all-at-once' && instanceCount > 1;
  return {
    deploymentConfig: {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: inParts
          ? routingInParts(traffic, instanceCount)
          : { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: rollout.terminationWaitSeconds,
        MaximumExecutionTimeoutInSeconds: rollout.maximumSeconds,
      },
      ...(alarms.length === 0
        ? {}
        : { AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) } }),
    },
    notes:
      inParts || traffic.shift === 'all-at-once'
        ? []
        : [
            `The endpoint has one instance, and ${traffic.shift} traffic needs two: all traffic moves at once` +
              (alarms.length > 0 ? ', and the alarms are watched after that.' : '.'),
          ],
  };
}

/** SageMaker takes parts of at most half of the instances, and for linear traffic of at least a tenth. */
function routingInParts(
  { shift, percent, waitSeconds }: Exclude<Rollout['traffic'], { shift: 'all-at-once' }>,
  instanceCount: number,
): TrafficRoutingConfig {
  const part: CapacitySize = {
    Type: 'INSTANCE_COUNT',
    Value: Math.min(Math.floor(instanceCount / 2), Math.ceil((instanceCount * percent) / 100)),
  };
  return shift === 'canary'
    ? { Type: 'CANARY', WaitIntervalInSeconds: waitSeconds, CanarySize: part }
    : { Type: 'LINEAR', WaitIntervalInSeconds: waitSeconds, LinearStepSize: part };
}
