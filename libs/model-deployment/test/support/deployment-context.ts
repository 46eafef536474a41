import { ScriptedSageMaker } from '../../../../test/support/scripted-sagemaker';
import { checkDeployment, DeploymentContext, DeploymentSettings, S3ObjectStore, startDeployment } from '../../src';

export const SETTINGS: DeploymentSettings = {
  endpointName: 'image-classifier',
  modelPackageGroup: 'image-classifier',
  executionRoleArn: 'arn:aws:iam::111122223333:role/model',
  bucket: 'models',
  capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 2 },
  rollout: { traffic: { shift: 'all-at-once' }, terminationWaitSeconds: 60, maximumSeconds: 3600, alarms: [] },
};

export const SERVERLESS = { kind: 'serverless', memorySizeInMb: 3072, maxConcurrency: 10 } as const;

export function contextOf(sageMaker: ScriptedSageMaker, settings: Partial<DeploymentSettings> = {}): DeploymentContext {
  return {
    sageMaker: sageMaker.client(),
    objects: new S3ObjectStore(sageMaker.s3()),
    settings: { ...SETTINGS, ...settings },
    pollIntervalMs: 1,
  };
}

/** Deploys a version as far as that it serves, and everybody knows. */
export async function deploy(sageMaker: ScriptedSageMaker, context: DeploymentContext, arn: string): Promise<void> {
  await startDeployment(context, arn);
  sageMaker.settle();
  await checkDeployment(context);
}
