// The whole system as it runs on a laptop: web, was, monitor and the local SageMaker endpoint, which starts the model, each a process
// of its own on a free port. For tests and measurements; knows the processes and their variables, nothing of their code.
import {
  describeExit,
  distFile,
  Environment,
  findFreePort,
  ManagedProcess,
  ManagedProcessOptions,
  ProcessExit,
} from '@app/sagemaker-local';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

/** The processes that are started here. The model is a child of the endpoint. */
export const TIERS = ['endpoint', 'monitor', 'was', 'web'] as const;
export type Tier = (typeof TIERS)[number];

export interface SystemOptions {
  /** Default `models/everyday-objects`. */
  readonly modelFolder?: string;
  /** What the endpoint follows, and where monitor keeps what it has seen; by default nothing, so that no test touches the developer's own. */
  readonly stateFolder?: string;
  /** Default all. Without `endpoint`, `via.endpoint` has to name another one; without `monitor`, was is told of none. */
  readonly tiers?: readonly Tier[];
  /** Variables of single tiers, over those that are set here. The model gets those of the endpoint. */
  readonly environment?: Partial<Record<Tier, Environment>>;
  /** Gives the address at which a tier is called by the one before it, from its own address: to put something in between. */
  readonly via?: Partial<Record<'was' | 'endpoint', (url: string) => Promise<string>>>;
  /** Folders of other versions, built, whose programs run in place of ours. */
  readonly versions?: Partial<Record<Tier, string>>;
  /** Default 30 s. */
  readonly startTimeoutMs?: number;
}

export interface SystemLogLine {
  readonly tier: Tier;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export type SystemPids = Readonly<Record<Exclude<Tier, 'monitor'> | 'model', number> & { monitor?: number }>;

export interface RunningSystem {
  /** Of web. */
  readonly url: string;
  readonly urls: Readonly<Record<Tier, string>>;
  /** All that the processes have written so far; the model writes through the endpoint. */
  readonly log: readonly SystemLogLine[];
  /** The running processes, monitor where there is one; asks the endpoint for the model's, which may have been started again. */
  pids(): Promise<SystemPids>;
  /** @throws Error when the tier was never started */
  pid(tier: Tier): number;
  /** Resolves when the tier's process is gone, for whatever reason. */
  exitOf(tier: Tier): Promise<ProcessExit>;
  /** Starts a tier again whose process is gone; resolves when it is ready. */
  restart(tier: Tier): Promise<void>;
  /** Ends all processes, the first to be called first, and tells how each ended. May be called again. */
  stop(): Promise<Partial<Record<Tier, ProcessExit>>>;
}

/** A system that did not come up. The message names the tier, how it ended and what it wrote last. */
export class SystemStartError extends Error {
  override readonly name = 'SystemStartError';
}

const SCRIPTS: Readonly<Record<Tier, string>> = {
  endpoint: 'libs/sagemaker-local/src/main.js',
  monitor: 'apps/monitor/src/main.js',
  was: 'apps/was/src/main.js',
  web: 'apps/web/src/main.js',
};
const READY_PATHS: Readonly<Record<Tier, string>> = {
  endpoint: '/health',
  monitor: '/health/ready',
  was: '/health/ready',
  web: '/health/ready',
};

const ENDPOINT_NAME = 'image-classifier';
const START_TIMEOUT_MS = 30_000;
const ASK_INTERVAL_MS = 25;
/** For what runs to finish; then SIGKILL. The tiers themselves cut off after 20 s. */
const STOP_GRACE_MS = 25_000;
const LAST_LINES = 15;

/**
 * Starts the system and resolves when every tier says that it is ready. No process outlives the caller, however that ends.
 *
 * @throws SystemStartError when a tier ends or is not ready in time; then nothing is left running
 */
export async function startSystem(options: SystemOptions = {}): Promise<RunningSystem> {
  const system = await launchSystem(options);
  try {
    await system.ready();
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** A system whose processes have been started and may not answer yet. */
export interface LaunchedSystem extends RunningSystem {
  /** @throws SystemStartError; the caller still has to call `stop` then */
  ready(): Promise<void>;
}

/** Starts the processes and does not wait for them: for measuring how long that takes. */
export async function launchSystem(options: SystemOptions = {}): Promise<LaunchedSystem> {
  const [endpointPort, monitorPort, monitorHttpPort, wasPort, webPort] = await findFreePorts();
  const urls = {
    endpoint: localUrl(endpointPort),
    monitor: localUrl(monitorHttpPort),
    was: localUrl(wasPort),
    web: localUrl(webPort),
  };
  const tiers = TIERS.filter((tier) => options.tiers?.includes(tier) ?? true);
  const environments: Record<Tier, Environment> = {
    endpoint: {
      SAGEMAKER_LOCAL_PORT: String(endpointPort),
      SAGEMAKER_LOCAL_ENDPOINT_NAME: ENDPOINT_NAME,
      SAGEMAKER_LOCAL_PACKAGE_DIR: options.modelFolder ?? 'models/everyday-objects',
      ...(options.stateFolder === undefined ? {} : { SAGEMAKER_LOCAL_STATE_DIR: options.stateFolder }),
    },
    monitor: {
      MONITOR_PORT: String(monitorPort),
      MONITOR_HTTP_PORT: String(monitorHttpPort),
      MONITOR_HOST: '127.0.0.1',
      ...(options.stateFolder === undefined ? {} : { MONITOR_STATE: join(options.stateFolder, 'monitor') }),
    },
    was: {
      WAS_PORT: String(wasPort),
      WAS_HOST: '127.0.0.1',
      WAS_ENDPOINT_NAME: ENDPOINT_NAME,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: await seenAs(urls.endpoint, options.via?.endpoint),
      ...(tiers.includes('monitor') ? { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: String(monitorPort) } : {}),
    },
    web: {
      WEB_PORT: String(webPort),
      WEB_HOST: '127.0.0.1',
      WEB_WAS_URL: await seenAs(urls.was, options.via?.was),
      WEB_RATE_LIMIT_PER_MINUTE: '0',
    },
  };
  const common = { PATH: process.env['PATH'], LOG_LEVEL: 'warn', DRAIN_DELAY_MS: '0' };

  const log: SystemLogLine[] = [];
  const processes = new Map<Tier, ManagedProcess>();
  const start = (tier: Tier) => {
    const environment = { ...common, ...environments[tier], ...options.environment?.[tier] };
    const onLine: ManagedProcessOptions['onLine'] = (text, stream) => log.push({ tier, stream, text });
    const version = options.versions?.[tier];
    const script = version === undefined ? distFile(SCRIPTS[tier]) : join(version, 'dist', SCRIPTS[tier]);
    processes.set(tier, new ManagedProcess({ command: [script], environment, onLine }));
  };
  const processOf = (tier: Tier) => required(processes.get(tier), tier);
  const pid = (tier: Tier) => required(processOf(tier).pid, tier);
  const waitUntilReady = async (tier: Tier) => {
    const deadline = Date.now() + (options.startTimeoutMs ?? START_TIMEOUT_MS);
    while (!(await isReady(`${urls[tier]}${READY_PATHS[tier]}`))) {
      const failure = await failureOf(processOf(tier), deadline);
      if (failure !== undefined) throw new SystemStartError(`${tier} ${failure}\n${lastLines(log, tier)}`);
      await sleep(ASK_INTERVAL_MS);
    }
  };
  tiers.forEach(start);

  return {
    url: urls.web,
    urls,
    log,
    async ready() {
      await Promise.all(tiers.map(waitUntilReady));
    },
    async pids() {
      const answer = await request(`${urls.endpoint}/health`);
      const { model } = (await answer.body.json()) as { model: { pid?: number } }; // EndpointDescription
      return {
        web: pid('web'),
        was: pid('was'),
        ...(tiers.includes('monitor') ? { monitor: pid('monitor') } : {}),
        endpoint: pid('endpoint'),
        model: required(model.pid, 'model'),
      };
    },
    pid,
    exitOf: (tier) => processOf(tier).exited,
    async restart(tier) {
      start(tier);
      await waitUntilReady(tier);
    },
    async stop() {
      const exits: Partial<Record<Tier, ProcessExit>> = {};
      for (const tier of [...tiers].reverse()) exits[tier] = await processOf(tier).stop(STOP_GRACE_MS);
      return exits;
    },
  };
}

/** Asked for at once, so that all are different. */
function findFreePorts(): Promise<[number, number, number, number, number]> {
  return Promise.all([findFreePort(), findFreePort(), findFreePort(), findFreePort(), findFreePort()]);
}

function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function seenAs(url: string, via: ((url: string) => Promise<string>) | undefined): Promise<string> {
  return via === undefined ? url : await via(url);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(2000) });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false; // not listening yet
  }
}

/** Why a process will not become ready any more; undefined while it still may. */
async function failureOf(process: ManagedProcess, deadline: number): Promise<string | undefined> {
  if (!process.isRunning) return `ended during the start: ${describeExit(await process.exited)}`;
  return Date.now() > deadline ? 'was not ready in time' : undefined;
}

function lastLines(log: readonly SystemLogLine[], tier: Tier): string {
  const lines = log.filter((line) => line.tier === tier).slice(-LAST_LINES);
  return lines.length === 0 ? '(it wrote nothing)' : lines.map(({ text }) => `  ${text}`).join('\n');
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`${name} is not running`);
  return value;
}
