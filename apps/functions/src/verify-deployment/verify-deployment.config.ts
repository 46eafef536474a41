/** The settings of the function, from its environment. */
import type { Service } from '../probe-report';
import { like, SettingsReader, Variable, whole } from '../settings';

const resourceName = like(/^[a-zA-Z0-9:/_-]{1,255}$/, 'the name or the ARN of it');

/** All settings of the function; the only place that knows their variables. */
export const VARIABLES = {
  VERIFY_CLUSTER: {
    preset: undefined,
    meaning: 'Cluster of the services',
    rule: resourceName,
  },
  VERIFY_WEB_SERVICE: {
    preset: undefined,
    meaning: 'Service of the deployment group `web`',
    rule: resourceName,
  },
  VERIFY_WAS_SERVICE: {
    preset: undefined,
    meaning: 'Service of the deployment group `was`',
    rule: resourceName,
  },
  VERIFY_PROBER: {
    preset: undefined,
    meaning: 'The function probe-targets',
    rule: resourceName,
  },
  VERIFY_DEADLINE_SECONDS: {
    preset: '300',
    meaning: 'How long a new version may take to be right; at least a minute less than the time limit of the function',
    rule: whole(30, 840),
  },
  VERIFY_SLOW_SECONDS: {
    preset: '5',
    meaning: 'What half of the answers to a photo have to be faster than',
    rule: whole(1, 20),
  },
} as const satisfies Record<string, Variable>;

export interface VerifySettings {
  readonly cluster: string;
  readonly services: Readonly<Record<Service, string>>;
  readonly prober: string;
  readonly deadlineMs: number;
  readonly slowMs: number;
}

/** Throws one `RangeError` that names all that is wrong with the environment. An empty variable counts as unset. */
export function verifySettings(environment: NodeJS.ProcessEnv): VerifySettings {
  const read = new SettingsReader<keyof typeof VARIABLES>(VARIABLES, environment);
  const settings: VerifySettings = {
    cluster: read.value('VERIFY_CLUSTER'),
    services: { web: read.value('VERIFY_WEB_SERVICE'), was: read.value('VERIFY_WAS_SERVICE') },
    prober: read.value('VERIFY_PROBER'),
    deadlineMs: read.number('VERIFY_DEADLINE_SECONDS') * 1000,
    slowMs: read.number('VERIFY_SLOW_SECONDS') * 1000,
  };
  read.requireNoFault();
  return settings;
}

/** The environment of the process: what AWS Lambda gives the function. */
export function settingsOfProcess(): VerifySettings {
  return verifySettings(process.env);
}
