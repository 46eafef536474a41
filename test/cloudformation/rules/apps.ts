// What templates say of an app is what the app says of itself: settings, ports, paths, how long it takes to stop, how it is called.
import { loadConfig, ConfigError, DRAIN_LIMIT_MS, settingsOf } from '@app/platform';
import { VARIABLES as DEPLOY_MODEL } from '../../../apps/functions/src/deploy-model/deploy-model.config';
import { VARIABLES as START_TRAINING } from '../../../apps/functions/src/start-training/start-training.config';
import { VARIABLES as VERIFY_DEPLOYMENT } from '../../../apps/functions/src/verify-deployment/verify-deployment.config';
import { MonitorConfig } from '../../../apps/monitor/src/monitor.config';
import { WasConfig } from '../../../apps/was/src/was.config';
import { WebConfig } from '../../../apps/web/src/web.config';
import type { Value } from '../../../tools/cloudformation/template';
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, referred, resourcesOf, textAt, type Found, type System } from '../support/system';
import { environmentOf } from './services';

interface App {
  readonly config: new () => object;
  /** Settings that name the ports on which others call it. */
  readonly ports: readonly string[];
  /** Settings that name ports for its own health check alone. */
  readonly probes?: readonly string[];
  /** Settings that an app on AWS cannot do without, though it starts. */
  readonly needed: readonly string[];
}

const APPS: Readonly<Record<string, App>> = {
  web: { config: WebConfig, ports: ['WEB_PORT'], needed: ['WEB_WAS_URL', 'WEB_TRUST_PROXY'] },
  was: {
    config: WasConfig,
    ports: ['WAS_PORT'],
    needed: ['WAS_ENDPOINT_NAME', 'WAS_MONITOR_HOST', 'WAS_FEEDBACK_BUCKET', 'WAS_FEEDBACK_KEY'],
  },
  monitor: {
    config: MonitorConfig,
    ports: ['MONITOR_PORT'],
    probes: ['MONITOR_HTTP_PORT'],
    needed: ['MONITOR_STATE', 'MONITOR_EMF'],
  },
};

interface FunctionVariable {
  readonly preset: string | undefined;
  readonly rule: (text: string) => string | undefined;
}

/** By the folder of a function in apps/functions/src. */
const FUNCTIONS: Readonly<Record<string, Readonly<Record<string, FunctionVariable>>>> = {
  'deploy-model': DEPLOY_MODEL,
  'start-training': START_TRAINING,
  'verify-deployment': VERIFY_DEPLOYMENT,
  'probe-targets': {},
};

/** Read by the SDKs of AWS and of OpenTelemetry. */
const NOT_OURS = /^(AWS_REGION|OTEL_[A-Z_]+|NODE_OPTIONS)$/;
/** Paths of libs/platform/src/health. */
const HEALTH_PATHS = ['/health/live', '/health/ready'];

function portsOf(variables: readonly string[], { config }: App, environment: Record<string, string>): string[] {
  const defaults = settingDefaults(config);
  return variables.map((variable) => environment[variable] ?? String(defaults.get(variable)));
}

/** Every container of a task, with the app that it is and its settings. */
export function* tasks(system: System) {
  for (const definition of resourcesOf(system, 'AWS::ECS::TaskDefinition')) {
    const name = /-(web|was|monitor)$/.exec(textAt(definition.Properties, 'Family'))?.[1] ?? '';
    const app = APPS[name];
    for (const container of listAt(definition.Properties, 'ContainerDefinitions')) {
      yield { definition, container, name, app, environment: settings(container) };
    }
  }
}

function settings(container: Value): Record<string, string> {
  const secrets = listAt(container, 'Secrets').map((secret) => [textAt(secret, 'Name'), 'A'.repeat(64)] as const);
  const plain = environmentOf(container).map(({ name, value }) => [name, sample(value)] as const);
  return Object.fromEntries([...plain, ...secrets]);
}

/** What is known only on AWS, as it might be. */
function sample(value: string): string {
  return value.replaceAll(/\$\{[^}]+\}/g, 'known-on-aws');
}

/** The settings that a configuration class has from the environment, with their defaults. */
export function settingDefaults(config: new () => object): Map<string, unknown> {
  const defaults = new Map(Object.entries(new config()));
  return new Map(settingsOf(config).map(({ variable, property }) => [variable, defaults.get(property)]));
}

function configFaults(config: new () => object, environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(config, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

export const APP_RULES = {
  family: {
    says: 'task definitions are those of web, was and monitor, by the names of the contract',
    *faults(system) {
      for (const { definition, app } of tasks(system)) {
        if (!app) yield faultOf(definition, 'has a Family that ends in none of -web, -was, -monitor');
      }
    },
  },
  settings: {
    says: 'the environment of a task has settings that its app knows, and all that it needs, with values that it takes',
    *faults(system) {
      for (const { definition, app, environment } of tasks(system)) {
        if (!app) continue;
        const known = settingDefaults(app.config);
        for (const variable of Object.keys(environment)) {
          if (!known.has(variable) && !NOT_OURS.test(variable))
            yield faultOf(definition, `sets ${variable}, which no app reads`);
        }
        for (const variable of app.needed) {
          if ((environment[variable] ?? '') === '') yield faultOf(definition, `does not set ${variable}`);
        }
        for (const fault of configFaults(app.config, environment)) yield faultOf(definition, `is refused: ${fault}`);
      }
    },
  },
  functionSettings: {
    says: 'the environment of a function has settings that it knows, with values that it takes',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::Lambda::Function')) {
        const bundle = textAt(found.Properties, 'Code', 'S3Key').split('/')[1] ?? '';
        const known = FUNCTIONS[bundle];
        if (!known) {
          yield faultOf(found, `runs ${bundle || 'nothing'}, which is none of ${Object.keys(FUNCTIONS).join(', ')}`);
          continue;
        }
        const variables = Object.entries(at(found.Properties, 'Environment', 'Variables') ?? {});
        const environment = new Map(
          variables.map(([name, value]) => [name, functionSample(name, textAt(value as Value))]),
        );
        for (const variable of environment.keys()) {
          if (!(variable in known)) yield faultOf(found, `sets ${variable}, which it does not read`);
        }
        for (const [variable, { preset, rule }] of Object.entries(known)) {
          const text = environment.get(variable) || preset;
          const wanted = text === undefined ? 'set' : rule(text);
          if (wanted !== undefined) yield faultOf(found, `needs ${variable} to be ${wanted}`);
        }
      }
    },
  },
  ports: {
    says: 'a task opens the ports on which its app is called',
    *faults(system) {
      for (const { definition, container, app, environment } of tasks(system)) {
        if (!app) continue;
        const listens = portsOf(app.ports, app, environment);
        const open = listAt(container, 'PortMappings').map((mapping) => textAt(mapping, 'ContainerPort'));
        for (const port of listens) if (!open.includes(port)) yield faultOf(definition, `does not open ${port}`);
        for (const port of open)
          if (!listens.includes(port)) yield faultOf(definition, `opens ${port}: nobody listens`);
      }
    },
  },
  healthPath: {
    says: 'health checks ask for a path that the apps have',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
        const path = textAt(found.Properties, 'HealthCheckPath');
        if (!HEALTH_PATHS.includes(path))
          yield faultOf(found, `asks for ${path || '/'}, which is none of ${HEALTH_PATHS.join(', ')}`);
      }
      for (const { definition, container, app, environment } of tasks(system)) {
        const command = listAt(container, 'HealthCheck', 'Command').map(String).join(' ');
        const path = /(\/health\/[a-z]+)/.exec(command)?.[1] ?? '';
        if (command !== '' && !HEALTH_PATHS.includes(path))
          yield faultOf(definition, `asks itself for ${path || 'nothing'}`);
        const port = /:(\d{2,5})\//.exec(command)?.[1];
        const listens = app ? portsOf([...app.ports, ...(app.probes ?? [])], app, environment) : [];
        if (app && port !== undefined && !listens.includes(port))
          yield faultOf(definition, `asks itself at ${port}: nobody listens`);
      }
    },
  },
  stopping: {
    says: 'a task may stop as slowly as its app does: its drain, and then what still runs',
    *faults(system) {
      for (const { definition, container, app, environment } of tasks(system)) {
        if (!app) continue;
        const value = (variable: string) =>
          Number(environment[variable] ?? settingDefaults(app.config).get(variable) ?? 0);
        const seconds = (value('DRAIN_DELAY_MS') + DRAIN_LIMIT_MS) / 1000;
        const allowed = Number(textAt(container, 'StopTimeout') || '30');
        if (allowed <= seconds)
          yield faultOf(definition, `has a StopTimeout of ${allowed} s, and its app may take ${seconds} s`);
      }
    },
  },
  deregistration: {
    says: 'a target group lets answers end before it forgets a task, and no longer than people wait for a rollout',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::ElasticLoadBalancingV2::TargetGroup')) {
        const delay = listAt(found.Properties, 'TargetGroupAttributes').find(
          (attribute) => textAt(attribute, 'Key') === 'deregistration_delay.timeout_seconds',
        );
        const seconds = Number(textAt(delay, 'Value') || '300');
        if (seconds < 15 || seconds > 60)
          yield faultOf(found, `has a deregistration delay of ${seconds} s, not of 15 to 60`);
      }
    },
  },
  discovery: {
    says: 'a network name that a task is given is that of a service of these templates',
    *faults(system) {
      for (const { definition, environment, container } of tasks(system)) {
        const host = environmentOf(container).find(({ name }) => name === 'WAS_MONITOR_HOST')?.value;
        if (host === undefined || environment.WAS_MONITOR_HOST === '') continue;
        const names = [...resourcesOf(definition.stack.variant, 'AWS::ServiceDiscovery::Service')].map((found) =>
          hostNameOf(found),
        );
        if (!names.includes(host))
          yield faultOf(definition, `looks for monitor at ${host}, and there is ${names.join(', ') || 'nothing'}`);
      }
    },
  },
} satisfies Record<string, Rule>;

/** `monitor.image-classifier-demo.internal` */
function hostNameOf(service: Found): string {
  const id = at(service.Properties, 'NamespaceId') ?? at(service.Properties, 'DnsConfig', 'NamespaceId');
  const namespace = referred(service.stack.variant, id);
  return `${textAt(service.Properties, 'Name')}.${textAt(namespace?.Properties, 'Name')}`;
}

function functionSample(name: string, value: string): string {
  return name.endsWith('_ARN') && value.startsWith('${') ? 'arn:aws:iam::123456789012:role/some-role' : sample(value);
}
