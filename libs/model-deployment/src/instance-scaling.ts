/**
 * Autoscaling of an endpoint with instances. It can only be set up for an endpoint that is in service, and it belongs to the
 * variant, whose name never changes: a deployment leaves it alone, and an endpoint that is made anew needs it anew.
 */
import {
  DeregisterScalableTargetCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DeploymentContext, InstanceScaling, VARIANT_NAME } from './deployment-context';

const POLICY_NAME = 'invocations-per-instance';

/** New instances take minutes to come, so that it waits before it adds more; and it takes them away slowly. */
const SCALE_OUT_COOLDOWN_SECONDS = 120;
const SCALE_IN_COOLDOWN_SECONDS = 600;

/**
 * Sets bounds and policy of the endpoint's autoscaling. The count that it has chosen stays, unless it lies outside of the bounds.
 * To call it again changes nothing.
 */
export async function ensureScaling(context: DeploymentContext): Promise<void> {
  const wanted = wantedScaling(context);
  if (wanted === undefined) return;
  const { autoScaling, minInstances, maxInstances, invocationsPerInstance } = wanted;
  const target = targetOf(context);
  await autoScaling.send(
    new RegisterScalableTargetCommand({ ...target, MinCapacity: minInstances, MaxCapacity: maxInstances }),
  );
  await autoScaling.send(
    new PutScalingPolicyCommand({
      ...target,
      PolicyName: POLICY_NAME,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        TargetValue: invocationsPerInstance,
        ScaleOutCooldown: SCALE_OUT_COOLDOWN_SECONDS,
        ScaleInCooldown: SCALE_IN_COOLDOWN_SECONDS,
      },
    }),
  );
}

/** To be done before the endpoint is deleted: otherwise the target and its alarms stay behind, and go on asking for instances. */
export async function endScaling(context: DeploymentContext): Promise<void> {
  const wanted = wantedScaling(context);
  try {
    await wanted?.autoScaling.send(new DeregisterScalableTargetCommand(targetOf(context)));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ObjectNotFoundException') throw error; // there was none
  }
}

function targetOf({ settings }: DeploymentContext) {
  return {
    ServiceNamespace: 'sagemaker',
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    ResourceId: `endpoint/${settings.endpointName}/variant/${VARIANT_NAME}`,
  } as const;
}

function wantedScaling({ autoScaling, settings: { capacity } }: DeploymentContext) {
  const scaling: InstanceScaling | undefined = capacity.kind === 'instances' ? capacity.scaling : undefined;
  if (scaling === undefined) return undefined;
  if (autoScaling === undefined) throw new TypeError('settings with scaling need a client of Application Auto Scaling');
  return { autoScaling, ...scaling };
}
