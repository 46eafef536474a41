import type { DeploymentSettings, InstanceScaling, TrafficShift } from '@app/model-deployment';
import { bucket, instanceType, like, name, oneOf, roleArn, SettingsReader, Variable, whole } from '../settings';

/** All settings of the function; the only place that knows their variables. Limits are SageMaker's. */
export const VARIABLES = {
  DEPLOY_ENDPOINT_NAME: {
    preset: 'image-classifier',
    meaning: 'Name of the endpoint; another one for each mode',
    rule: name,
  },
  DEPLOY_MODEL_PACKAGE_GROUP: {
    preset: 'image-classifier',
    meaning: 'Model package group whose approvals count',
    rule: name,
  },
  DEPLOY_EXECUTION_ROLE_ARN: {
    preset: undefined,
    meaning: 'Role of the model container',
    rule: roleArn,
  },
  DEPLOY_BUCKET: {
    preset: undefined,
    meaning: 'Bucket that keeps the model file of what serves, below `deployed/`',
    rule: bucket,
  },
  DEPLOY_MODE: {
    preset: 'realtime',
    meaning: '`realtime` (instances) or `serverless`',
    rule: oneOf('realtime', 'serverless'),
  },
  DEPLOY_INSTANCE_TYPE: {
    preset: 'ml.m5.large',
    meaning: 'Realtime: type of the instances',
    rule: instanceType,
  },
  DEPLOY_INSTANCE_COUNT: {
    preset: '1',
    meaning: 'Realtime: instances of a new endpoint; later the count is kept',
    rule: whole(1, 100),
  },
  DEPLOY_MIN_INSTANCES: {
    preset: '1',
    meaning: 'Realtime: least instances that autoscaling leaves; with `DEPLOY_MAX_INSTANCES` only',
    rule: whole(1, 100),
  },
  DEPLOY_MAX_INSTANCES: {
    preset: '',
    meaning: 'Realtime: most instances that autoscaling starts; autoscaling is left alone when empty',
    rule: (text) => (text === '' ? undefined : whole(1, 100)(text)),
  },
  DEPLOY_INVOCATIONS_PER_INSTANCE: {
    preset: '600',
    meaning: 'Realtime: invocations a minute that autoscaling aims at for each instance',
    rule: whole(1, 1_000_000),
  },
  DEPLOY_SERVERLESS_MEMORY_MB: {
    preset: '3072',
    meaning: 'Serverless: memory',
    rule: whole(1024, 6144, 1024),
  },
  DEPLOY_SERVERLESS_MAX_CONCURRENCY: {
    preset: '10',
    meaning: 'Serverless: invocations at the same time',
    rule: whole(1, 200),
  },
  DEPLOY_KMS_KEY_ID: {
    preset: '',
    meaning: 'Key for the volumes of the instances; SageMaker’s own when empty',
    rule: like(/^[a-zA-Z0-9:/_-]{0,2048}$/, 'the id, alias or ARN of a key'),
  },
  DEPLOY_TRAFFIC: {
    preset: 'all-at-once',
    meaning: 'How traffic moves to the new instances: `all-at-once`, `canary` or `linear`',
    rule: oneOf('all-at-once', 'canary', 'linear'),
  },
  DEPLOY_TRAFFIC_PERCENT: {
    preset: '10',
    meaning: 'Canary and linear: size of a part, of the instances; at least 10 for linear',
    rule: whole(1, 50),
  },
  DEPLOY_TRAFFIC_WAIT_SECONDS: {
    preset: '300',
    meaning: 'Canary and linear: pause between two parts',
    rule: whole(0, 3600),
  },
  DEPLOY_TERMINATION_WAIT_SECONDS: {
    preset: '300',
    meaning: 'How long the old instances are kept, and alarms watched, after all traffic has moved',
    rule: whole(0, 3600),
  },
  DEPLOY_MAXIMUM_SECONDS: {
    preset: '3600',
    meaning: 'Longest duration of a deployment; more than all its pauses together',
    rule: whole(600, 28_800),
  },
  DEPLOY_ALARMS: {
    preset: '',
    meaning: 'CloudWatch alarms that make SageMaker go back, separated by commas',
    rule: (text) => (alarmsIn(text).length <= 10 ? undefined : 'at most 10 names'),
  },
} as const satisfies Record<string, Variable>;

type VariableName = keyof typeof VARIABLES;

/**
 * The settings that the environment gives. Throws one `RangeError` that names all that is wrong with it. An empty
 * variable counts as unset.
 */
export function deploymentSettings(environment: NodeJS.ProcessEnv): DeploymentSettings {
  const read = new SettingsReader<VariableName>(VARIABLES, environment);
  const kmsKeyId = read.value('DEPLOY_KMS_KEY_ID');
  const settings: DeploymentSettings = {
    endpointName: read.value('DEPLOY_ENDPOINT_NAME'),
    modelPackageGroup: read.value('DEPLOY_MODEL_PACKAGE_GROUP'),
    executionRoleArn: read.value('DEPLOY_EXECUTION_ROLE_ARN'),
    bucket: read.value('DEPLOY_BUCKET'),
    capacity: capacityOf(read),
    ...(kmsKeyId === '' ? {} : { kmsKeyId }),
    rollout: {
      traffic: trafficOf(read),
      terminationWaitSeconds: read.number('DEPLOY_TERMINATION_WAIT_SECONDS'),
      maximumSeconds: read.number('DEPLOY_MAXIMUM_SECONDS'),
      alarms: alarmsIn(read.value('DEPLOY_ALARMS')),
    },
  };
  if (read.faults.length === 0) read.faults.push(...contradictionsIn(settings));
  read.requireNoFault();
  return settings;
}

/** The environment of the process: what AWS Lambda gives the function. */
export function settingsOfProcess(): DeploymentSettings {
  return deploymentSettings(process.env);
}

function capacityOf(read: SettingsReader<VariableName>): DeploymentSettings['capacity'] {
  if (read.value('DEPLOY_MODE') === 'serverless') {
    return {
      kind: 'serverless',
      memorySizeInMb: read.number('DEPLOY_SERVERLESS_MEMORY_MB'),
      maxConcurrency: read.number('DEPLOY_SERVERLESS_MAX_CONCURRENCY'),
    };
  }
  const scaling = scalingOf(read);
  return {
    kind: 'instances',
    instanceType: read.value('DEPLOY_INSTANCE_TYPE'),
    instanceCount: read.number('DEPLOY_INSTANCE_COUNT'),
    ...(scaling === undefined ? {} : { scaling }),
  };
}

function scalingOf(read: SettingsReader<VariableName>): InstanceScaling | undefined {
  const minInstances = read.number('DEPLOY_MIN_INSTANCES');
  const invocationsPerInstance = read.number('DEPLOY_INVOCATIONS_PER_INSTANCE');
  const most = read.value('DEPLOY_MAX_INSTANCES');
  return most === '' ? undefined : { minInstances, maxInstances: Number(most), invocationsPerInstance };
}

function trafficOf(read: SettingsReader<VariableName>): TrafficShift {
  const shift = read.value('DEPLOY_TRAFFIC');
  if (shift !== 'canary' && shift !== 'linear') return { shift: 'all-at-once' };
  const percent = read.number('DEPLOY_TRAFFIC_PERCENT');
  return { shift, percent, waitSeconds: read.number('DEPLOY_TRAFFIC_WAIT_SECONDS') };
}

function contradictionsIn({ capacity, rollout }: DeploymentSettings): string[] {
  if (capacity.kind === 'serverless') return [];
  const { traffic, terminationWaitSeconds, maximumSeconds } = rollout;
  const faults: string[] = [];
  const { scaling } = capacity;
  if (scaling !== undefined && scaling.maxInstances < scaling.minInstances) {
    faults.push(
      `DEPLOY_MAX_INSTANCES should not be less than DEPLOY_MIN_INSTANCES, ${scaling.minInstances}, but is ${scaling.maxInstances}`,
    );
  }
  let pauses = terminationWaitSeconds;
  if (traffic.shift !== 'all-at-once') {
    if (traffic.shift === 'linear' && traffic.percent < 10) {
      faults.push(`DEPLOY_TRAFFIC_PERCENT should be at least 10 for linear traffic, not ${traffic.percent}`);
    }
    const parts = traffic.shift === 'canary' ? 2 : Math.ceil(100 / traffic.percent);
    pauses += (parts - 1) * traffic.waitSeconds;
  }
  if (maximumSeconds <= pauses) {
    faults.push(
      `DEPLOY_MAXIMUM_SECONDS should be more than the pauses of a deployment, ${pauses} seconds, not ${maximumSeconds}`,
    );
  }
  return faults;
}

function alarmsIn(text: string): string[] {
  return text
    .split(',')
    .map((alarm) => alarm.trim())
    .filter((alarm) => alarm !== '');
}
