/** What the system on this machine is made of: the processes, what each is told, and how each says that it is ready. */
import { Environment } from '@app/sagemaker-local';
import { join } from 'node:path';

interface TierProcess {
  readonly name: TierName;
  /** The program. */
  readonly script: string;
  readonly environment: Environment;
}

/** The others do not work without it. */
export interface NeededTier extends TierProcess {
  /** Answers 200 when the next tier may start. */
  readonly readyUrl: string;
}

/** The others neither need it nor wait for it. */
export interface DispensableTier extends TierProcess {
  /** What is missing while it is not there, in a sentence. */
  readonly without: string;
}

export type Tier = NeededTier | DispensableTier;

export type TierName = 'endpoint' | 'monitor' | 'was' | 'web';

export interface MonitorPorts {
  readonly messages: number;
  /** Of probes and metrics. */
  readonly http: number;
}

export interface Ports {
  readonly web: number;
  readonly was: number;
  readonly endpoint: number;
  /** Absent in a system without monitor. */
  readonly monitor?: MonitorPorts;
}

export const DEFAULT_PORTS = { web: 8000, was: 8081, endpoint: 8080, monitor: { messages: 8082, http: 8083 } };

export interface SystemPlan {
  /** Programs by tier, as absolute paths. */
  readonly scripts: Readonly<Record<TierName, string>>;
  readonly ports: Ports;
  /** Address that web listens on. */
  readonly host: string;
  readonly model: {
    /** What is served when nothing has been deployed, and else when it is preferred. */
    readonly packageDir: string;
    readonly isPreferred: boolean;
    /** Of what is registered and deployed. */
    readonly stateDir: string;
  };
  /** Signs feedback tokens, as was reads it. */
  readonly feedbackKey: string;
  /** The starter's own environment. */
  readonly environment: Environment;
}

export const WITHOUT_MONITOR = 'Photos are answered without it; /status shows no figures.';

const ENDPOINT_NAME = 'image-classifier';

/** The tiers in the order in which they start: each after the one that it asks. */
export function tiersOf(plan: SystemPlan): readonly Tier[] {
  const { scripts, ports, host, model, environment } = plan;
  const common = commonEnvironment(environment, ports.endpoint);
  const local = (port: number, path: string): string => `http://127.0.0.1:${port}${path}`;
  return [
    {
      name: 'endpoint',
      script: scripts.endpoint,
      readyUrl: local(ports.endpoint, '/health'),
      environment: {
        ...common,
        SAGEMAKER_LOCAL_PORT: String(ports.endpoint),
        SAGEMAKER_LOCAL_ENDPOINT_NAME: ENDPOINT_NAME,
        SAGEMAKER_LOCAL_PACKAGE_DIR: model.packageDir,
        SAGEMAKER_LOCAL_STATE_DIR: model.stateDir,
        SAGEMAKER_LOCAL_FIRST: model.isPreferred ? 'package' : 'deployed',
      },
    },
    ...(ports.monitor === undefined ? [] : [monitorOf(plan, ports.monitor, common)]),
    {
      name: 'was',
      script: scripts.was,
      readyUrl: local(ports.was, '/health/ready'),
      environment: {
        ...common,
        WAS_PORT: String(ports.was),
        WAS_HOST: '127.0.0.1',
        WAS_ENDPOINT_NAME: ENDPOINT_NAME,
        ...(environment['WAS_FEEDBACK_BUCKET']
          ? {}
          : { WAS_FEEDBACK_DIR: environment['WAS_FEEDBACK_DIR'] ?? join(model.stateDir, 's3', 'local', 'feedback') }),
        WAS_FEEDBACK_KEY: plan.feedbackKey,
        ...(ports.monitor === undefined
          ? {}
          : { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: String(ports.monitor.messages) }),
      },
    },
    {
      name: 'web',
      script: scripts.web,
      readyUrl: `http://${reachable(host)}:${ports.web}/health/ready`,
      environment: { ...common, WEB_PORT: String(ports.web), WEB_HOST: host, WEB_WAS_URL: local(ports.was, '') },
    },
  ];
}

function monitorOf(
  { scripts, model, environment }: SystemPlan,
  ports: MonitorPorts,
  common: Environment,
): DispensableTier {
  return {
    name: 'monitor',
    script: scripts.monitor,
    without: WITHOUT_MONITOR,
    environment: {
      ...common,
      MONITOR_PORT: String(ports.messages),
      MONITOR_HTTP_PORT: String(ports.http),
      MONITOR_HOST: '127.0.0.1',
      MONITOR_STATE: environment['MONITOR_STATE'] ?? join(model.stateDir, 'monitor'),
      // Two systems may follow one state folder; no two of them have the same port.
      MONITOR_INSTANCE: environment['MONITOR_INSTANCE'] ?? `monitor-${ports.messages}`,
    },
  };
}

/** An address at which this machine reaches a server that listens on `host`, as it is written in a URL. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** The AWS SDK is led to the local endpoint whatever the user's own settings say, and real credentials stay unused. */
function commonEnvironment(environment: Environment, endpointPort: number): Environment {
  return {
    MALLOC_ARENA_MAX: '2', // glibc keeps an arena per core and thread otherwise: resident memory that is never used again
    AWS_REGION: 'us-east-1',
    ...environment,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: `http://127.0.0.1:${endpointPort}`,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    DRAIN_DELAY_MS: '0', // no load balancer has to notice that a tier is leaving
  };
}
