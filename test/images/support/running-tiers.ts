// The whole system in its images: the model container behind SageMaker's wire, monitor, was and web, each on free ports.
import { PRODUCT_ROOT } from '@app/platform/product';
import { findFreePort, LocalEndpoint, ManagedProcess } from '@app/sagemaker-local';
import { join } from 'node:path';
import { ImageName } from '../../../tools/images/image-contents';
import { until } from '../../support/conditions';
import { MountedImage } from './built-image';
import { environmentOf, isolatedCommand, startIsolated } from './isolated';

export const SERVICES = ['monitor', 'was', 'web'] as const;
export type Service = (typeof SERVICES)[number];

export interface RunningService {
  readonly url: string;
  readonly process: ManagedProcess;
  /** What it was given over the variables of its image. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it has written. */
  readonly lines: readonly string[];
}

export interface RunningTiers {
  readonly services: Readonly<Record<Service, RunningService>>;
  stop(): Promise<void>;
}

export const STOP_GRACE_MS = 25_000;
const ENDPOINT_NAME = 'image-classifier';

export async function startTiers(images: Readonly<Record<ImageName, MountedImage>>): Promise<RunningTiers> {
  const endpoint = await LocalEndpoint.start({
    endpointName: ENDPOINT_NAME,
    packageDir: join(PRODUCT_ROOT, 'models', 'everyday-objects'),
    port: 0,
    command: isolatedCommand(images.model, { parameters: ['serve'] }),
    environment: environmentOf(images.model, { DRAIN_DELAY_MS: '0' }),
  });
  const started = new Map<Service, RunningService>();
  const stop = async (): Promise<void> => {
    for (const { process } of started.values()) await process.stop(STOP_GRACE_MS);
    await endpoint.stop();
  };
  const places = await choosePlaces(endpoint.url);
  try {
    for (const service of SERVICES) {
      const environment = { ...places[service].environment, APP_BUILD: `build-of-${service}`, DRAIN_DELAY_MS: '0' };
      const lines: string[] = [];
      const process = startIsolated(images[service], environment, {}, (line) => lines.push(line));
      started.set(service, { url: places[service].url, process, environment, lines });
      await untilAnswers(`${places[service].url}/health/ready`, process, lines);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { services: Object.fromEntries(started) as Record<Service, RunningService>, stop };
}

interface Place {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function choosePlaces(endpointUrl: string): Promise<Record<Service, Place>> {
  const [web = 0, was = 0, events = 0, monitor = 0] = await Promise.all([0, 1, 2, 3].map(() => findFreePort()));
  const local = (port: number) => `http://127.0.0.1:${port}`;
  return {
    monitor: { url: local(monitor), environment: { MONITOR_PORT: `${events}`, MONITOR_HTTP_PORT: `${monitor}` } },
    was: {
      url: local(was),
      environment: {
        WAS_PORT: `${was}`,
        WAS_ENDPOINT_NAME: ENDPOINT_NAME,
        WAS_MONITOR_HOST: '127.0.0.1',
        WAS_MONITOR_PORT: `${events}`,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpointUrl,
      },
    },
    web: { url: local(web), environment: { WEB_PORT: `${web}`, WEB_WAS_URL: local(was) } },
  };
}

/** Throws with what the program wrote when it has ended, in place of waiting for what will not come. */
export async function untilAnswers(url: string, tier: ManagedProcess, lines: readonly string[]): Promise<void> {
  await until(async () => {
    if (!tier.isRunning) throw new Error(`it ended before it was ready:\n${lines.join('\n')}`);
    return await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  });
}
