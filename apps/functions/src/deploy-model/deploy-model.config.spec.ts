import { deploymentSettings } from './deploy-model.config';

const REQUIRED = { DEPLOY_EXECUTION_ROLE_ARN: 'arn:aws:iam::111122223333:role/model', DEPLOY_BUCKET: 'models' };

describe('deploymentSettings', () => {
  it('needs a role and a bucket, and knows the rest', () => {
    expect(deploymentSettings({ ...REQUIRED, DEPLOY_KMS_KEY_ID: '', DEPLOY_ALARMS: '' })).toEqual({
      endpointName: 'image-classifier',
      modelPackageGroup: 'image-classifier',
      executionRoleArn: REQUIRED.DEPLOY_EXECUTION_ROLE_ARN,
      bucket: 'models',
      capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
      rollout: { traffic: { shift: 'all-at-once' }, terminationWaitSeconds: 300, maximumSeconds: 3600, alarms: [] },
    });
  });

  it('reads what is set', () => {
    const environment = {
      ...REQUIRED,
      DEPLOY_MODE: 'serverless',
      DEPLOY_SERVERLESS_MEMORY_MB: '4096',
      DEPLOY_KMS_KEY_ID: 'alias/models',
      DEPLOY_TRAFFIC: 'linear',
      DEPLOY_TRAFFIC_PERCENT: '25',
      DEPLOY_ALARMS: 'errors, latency',
    };
    expect(deploymentSettings(environment)).toMatchObject({
      capacity: { kind: 'serverless', memorySizeInMb: 4096, maxConcurrency: 10 },
      kmsKeyId: 'alias/models',
      rollout: { traffic: { shift: 'linear', percent: 25, waitSeconds: 300 }, alarms: ['errors', 'latency'] },
    });
  });

  it('names everything that is wrong in one message', () => {
    const environment = { DEPLOY_BUCKET: 'My_Bucket', DEPLOY_MODE: 'serverless', DEPLOY_SERVERLESS_MEMORY_MB: '1500' };
    expect(() => deploymentSettings(environment)).toThrow(
      new RangeError(
        'The function is not set up: DEPLOY_EXECUTION_ROLE_ARN is not set; ' +
          'DEPLOY_BUCKET should be the name of a bucket, not "My_Bucket"; ' +
          'DEPLOY_SERVERLESS_MEMORY_MB should be a whole number from 1024 to 6144 in steps of 1024, not "1500".',
      ),
    );
  });

  it('reads how far autoscaling may go', () => {
    const environment = {
      ...REQUIRED,
      DEPLOY_INSTANCE_COUNT: '2',
      DEPLOY_MIN_INSTANCES: '2',
      DEPLOY_MAX_INSTANCES: '6',
    };
    expect(deploymentSettings(environment).capacity).toEqual({
      kind: 'instances',
      instanceType: 'ml.m5.large',
      instanceCount: 2,
      scaling: { minInstances: 2, maxInstances: 6, invocationsPerInstance: 600 },
    });
  });

  it.each([
    [
      { DEPLOY_MIN_INSTANCES: '3', DEPLOY_MAX_INSTANCES: '2' },
      'DEPLOY_MAX_INSTANCES should not be less than DEPLOY_MIN_INSTANCES, 3, but is 2',
    ],
    [{ DEPLOY_TRAFFIC: 'linear', DEPLOY_TRAFFIC_PERCENT: '5' }, 'DEPLOY_TRAFFIC_PERCENT should be at least 10'],
    [
      { DEPLOY_TRAFFIC: 'linear', DEPLOY_MAXIMUM_SECONDS: '3000' },
      'more than the pauses of a deployment, 3000 seconds',
    ],
    [{ DEPLOY_TRAFFIC: 'canary', DEPLOY_MAXIMUM_SECONDS: '600' }, 'more than the pauses of a deployment, 600 seconds'],
  ])('refuses what contradicts itself: %j', (environment, words) => {
    expect(() => deploymentSettings({ ...REQUIRED, ...environment })).toThrow(words);
  });
});
