// All tiers and monitor as processes: what monitor knows of classifications, and that nobody notices when it is gone.
import { StatusResponse } from '@app/contracts/classification';
import { DriftReport, MonitorSummary, RecentEvents } from '@app/contracts/monitoring';
import { findFreePort } from '@app/sagemaker-local';
import { setTimeout as sleep } from 'node:timers/promises';
import { MonitorProcess } from '../../apps/monitor/test/support/monitor-process';
import { photo } from '../support/images';
import { raw, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms } from '../support/system-log';

let system: RunningSystem;
let monitor: MonitorProcess;
let port: string;

const startMonitor = async () => {
  monitor = new MonitorProcess({ PATH: process.env['PATH'] ?? '', MONITOR_PORT: port });
  await monitor.messagePort();
};

beforeAll(async () => {
  port = String(await findFreePort());
  await startMonitor();
  const was = { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: port };
  system = await startSystem({ environment: { was } });
});

afterAll(async () => {
  await system.stop();
  monitor.signal('SIGKILL');
  await monitor.exit;
});

async function classify(seed: number): Promise<string> {
  const { status, text } = await send(`${system.url}/api/v1/classifications`, raw(await photo({ seed })));
  expect(status).toBe(200);
  return (JSON.parse(text) as { id: string }).id;
}

async function asked<T>(path: string): Promise<T> {
  const { status, text } = await get(`${system.urls.was}/v1/monitor/${path}`);
  expect(status).toBe(200);
  return JSON.parse(text) as T;
}

async function status(): Promise<StatusResponse> {
  return JSON.parse((await get(`${system.url}/api/v1/status`)).text) as StatusResponse;
}

const get = (url: string) => send(url, { method: 'GET' });
const monitorIn = ({ tiers }: StatusResponse) => tiers.find(({ name }) => name === 'monitor');

/** Waits until monitor has seen as many; in vain until Jest's limit. */
async function untilSeen(count: number): Promise<MonitorSummary> {
  for (;;) {
    const summary = await asked<MonitorSummary>('summary?window=5m');
    if (summary.events >= count) return summary;
    await sleep(50);
  }
}

it('monitor knows what was classified, and users of a system without it do not notice', async () => {
  const ids = [await classify(1), await classify(2), await classify(3)];

  const summary = await untilSeen(3);
  expect(summary).toMatchObject({ events: 3, dropped: 0, model: { name: 'everyday-objects' } });
  const { events } = await asked<RecentEvents>('recent?count=3');
  expect(events.map(({ id }) => id).sort()).toEqual(ids.sort());
  const drift = await asked<DriftReport>('drift?window=5m');
  expect(drift).toMatchObject({ baseline: 'none', state: 'waiting' }); // of the first images: the package has no baseline
  expect(monitorIn(await status())).toMatchObject({ status: 'ok', detail: 'Events: 0 waiting, 0 dropped.' });

  monitor.signal('SIGKILL');
  await monitor.exit;
  const missed = [await classify(4), await classify(5)];
  await sleep(1000); // web keeps a status for as long
  const without = await status();
  expect(without.status).toBe('ok');
  expect(monitorIn(without)).toMatchObject({ status: 'unavailable' });
  expect((await get(`${system.urls.was}/v1/monitor/summary`)).status).toBe(503);

  await startMonitor();
  await untilSeen(2); // of the first three it knows no more: it keeps no state here
  const again = await asked<RecentEvents>('recent?count=100');
  expect(again.events.map(({ id }) => id)).toEqual(expect.arrayContaining(missed));
  expect(alarms(system)).toEqual([]);
});
