import type { DeploymentSettings, TrafficShift } from '@app/model-deployment';

/** What a value should be, in words, when it is not. */
type Rule = (text: string) => string | undefined;

interface Variable {
  /** Undefined for one that must be set. */
  readonly preset: string | undefined;
  readonly meaning: string;
  readonly rule: Rule;
}

const like =
  (pattern: RegExp, words: string): Rule =>
  (text) =>
    pattern.test(text) ? undefined : words;
const oneOf =
  (...choices: readonly string[]): Rule =>
  (text) =>
    choices.includes(text) ? undefined : choices.join(' or ');
const whole =
  (least: number, most: number, step = 1): Rule =>
  (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most && number % step === 0) return undefined;
    return `a whole number from ${least} to ${most}${step === 1 ? '' : ` in steps of ${step}`}`;
  };
const name = like(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'a name of at most 63 letters, digits and hyphens');

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
    rule: like(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of a role'),
  },
  DEPLOY_BUCKET: {
    preset: undefined,
    meaning: 'Bucket that keeps the model file of what serves, below `deployed/`',
    rule: like(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'),
  },
  DEPLOY_MODE: {
    preset: 'realtime',
    meaning: '`realtime` (instances) or `serverless`',
    rule: oneOf('realtime', 'serverless'),
  },
  DEPLOY_INSTANCE_TYPE: {
    preset: 'ml.m5.large',
    meaning: 'Realtime: type of the instances',
    rule: like(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'an instance type, such as ml.m5.large'),
  },
  DEPLOY_INSTANCE_COUNT: {
    preset: '1',
    meaning: 'Realtime: instances of a new endpoint; later the count is kept',
    rule: whole(1, 100),
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
  const faults: string[] = [];
  const value = (variable: VariableName): string => {
    const { preset, rule } = VARIABLES[variable];
    const text = environment[variable]?.trim() || preset;
    if (text === undefined) faults.push(`${variable} is not set`);
    else if (rule(text) !== undefined) faults.push(`${variable} should be ${rule(text) ?? ''}, not "${text}"`);
    return text ?? '';
  };
  const kmsKeyId = value('DEPLOY_KMS_KEY_ID');
  const settings: DeploymentSettings = {
    endpointName: value('DEPLOY_ENDPOINT_NAME'),
    modelPackageGroup: value('DEPLOY_MODEL_PACKAGE_GROUP'),
    executionRoleArn: value('DEPLOY_EXECUTION_ROLE_ARN'),
    bucket: value('DEPLOY_BUCKET'),
    capacity:
      value('DEPLOY_MODE') === 'serverless'
        ? {
            kind: 'serverless',
            memorySizeInMb: Number(value('DEPLOY_SERVERLESS_MEMORY_MB')),
            maxConcurrency: Number(value('DEPLOY_SERVERLESS_MAX_CONCURRENCY')),
          }
        : {
            kind: 'instances',
            instanceType: value('DEPLOY_INSTANCE_TYPE'),
            instanceCount: Number(value('DEPLOY_INSTANCE_COUNT')),
          },
    ...(kmsKeyId === '' ? {} : { kmsKeyId }),
    rollout: {
      traffic: trafficOf(value),
      terminationWaitSeconds: Number(value('DEPLOY_TERMINATION_WAIT_SECONDS')),
      maximumSeconds: Number(value('DEPLOY_MAXIMUM_SECONDS')),
      alarms: alarmsIn(value('DEPLOY_ALARMS')),
    },
  };
  if (faults.length === 0) faults.push(...contradictionsIn(settings));
  if (faults.length > 0) throw new RangeError(`The function is not set up: ${faults.join('; ')}.`);
  return settings;
}

/** The environment of the process: what AWS Lambda gives the function. */
export function settingsOfProcess(): DeploymentSettings {
  return deploymentSettings(process.env);
}

function trafficOf(value: (variable: VariableName) => string): TrafficShift {
  const shift = value('DEPLOY_TRAFFIC');
  if (shift !== 'canary' && shift !== 'linear') return { shift: 'all-at-once' };
  return {
    shift,
    percent: Number(value('DEPLOY_TRAFFIC_PERCENT')),
    waitSeconds: Number(value('DEPLOY_TRAFFIC_WAIT_SECONDS')),
  };
}

function contradictionsIn({ capacity, rollout }: DeploymentSettings): string[] {
  if (capacity.kind === 'serverless') return [];
  const { traffic, terminationWaitSeconds, maximumSeconds } = rollout;
  const faults: string[] = [];
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
