// All tiers as processes: what monitor knows of classifications, and that nobody who sends photos notices when it is not well.
import { StatusResponse, TierReport } from '@app/contracts/classification';
import { DriftReport, MonitorSummary, RecentEvents } from '@app/contracts/monitoring';
import { until } from '../support/conditions';
import { photo } from '../support/images';
import { leaksIn } from '../support/leaks';
import { raw, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms } from '../support/system-log';

/** Below the 5 s after which was gives up on a receipt: a request that waited for monitor would be refused. */
const DEADLINE_MS = 4500;
const CLIENTS = 4;

let system: RunningSystem;
let images: readonly Buffer[];

beforeAll(async () => {
  images = await Promise.all([1, 2, 3, 4].map((seed) => photo({ width: 200, height: 150, seed })));
  system = await startSystem({ environment: { web: { WEB_DEADLINE_MS: String(DEADLINE_MS) } } });
});

afterAll(async () => {
  await system.stop();
});

async function classify(index = 0): Promise<string> {
  const image = images[index % images.length] ?? Buffer.alloc(0);
  const { status, text } = await send(`${system.url}/api/v1/classifications`, raw(image));
  expect(status).toBe(200);
  return (JSON.parse(text) as { id: string }).id;
}

/** Several clients that send one photo after the other; gives the ids of all answers. */
async function classifyMany(count: number): Promise<string[]> {
  const ids: string[] = [];
  let sent = 0;
  const client = async () => {
    while (sent < count) ids.push(await classify(sent++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return ids;
}

const get = (url: string) => send(url, { method: 'GET' });

async function asked<T>(path: string): Promise<T> {
  const { status, text } = await get(`${system.urls.was}/v1/monitor/${path}`);
  expect(status).toBe(200);
  return JSON.parse(text) as T;
}

const summary = () => asked<MonitorSummary>('summary?window=5m');

async function monitorIn(url: string) {
  const { tiers } = JSON.parse((await get(url)).text) as { tiers: readonly TierReport[] };
  return tiers.find(({ name }) => name === 'monitor');
}
/** As was says it, which web keeps for a second. */
const monitorStatus = () => monitorIn(`${system.urls.was}/v1/status`);

async function untilMonitorIs(status: 'ok' | 'unavailable', { waiting }: { waiting: number }): Promise<void> {
  await until(async () => {
    const monitor = await monitorStatus();
    return monitor?.status === status && monitor.events?.waiting === waiting && monitor.events.dropped === 0;
  });
}

const ALL_TOLD = { waiting: 0 };

describe('a monitor that is well', () => {
  it('knows what was classified', async () => {
    const ids = await classifyMany(3);
    await untilMonitorIs('ok', ALL_TOLD);

    expect(await summary()).toMatchObject({ events: 3, dropped: 0, model: { name: 'everyday-objects' } });
    const { events } = await asked<RecentEvents>('recent?count=3');
    expect(events.map(({ id }) => id).sort()).toEqual(ids.sort());
    const drift = await asked<DriftReport>('drift?window=5m');
    expect(drift).toMatchObject({ baseline: 'none', state: 'waiting' }); // of the first images: the package has no baseline
  });
});

// Each of them: photos are answered meanwhile, what monitor has not heard waits, and nothing is lost or counted twice.
describe('a monitor that is not well', () => {
  it('hangs: nobody waits for it', async () => {
    const before = (await summary()).events;
    process.kill(system.pid('monitor'), 'SIGSTOP');
    try {
      await classifyMany(60);
      await untilMonitorIs('unavailable', { waiting: 60 });
      const { status } = JSON.parse((await get(`${system.url}/api/v1/status`)).text) as StatusResponse;
      expect(status).toBe('ok');
    } finally {
      process.kill(system.pid('monitor'), 'SIGCONT');
    }

    await untilMonitorIs('ok', ALL_TOLD);
    expect(await summary()).toMatchObject({ events: before + 60, dropped: 0 });
  });

  it('is slow: nobody waits for it', async () => {
    const before = (await summary()).events;
    const awakeMs = 5;
    const asleepMs = 300;
    const pid = system.pid('monitor');
    const naps = setInterval(() => {
      process.kill(pid, 'SIGSTOP');
      setTimeout(() => process.kill(pid, 'SIGCONT'), asleepMs);
    }, asleepMs + awakeMs);
    await classifyMany(100).finally(() => clearInterval(naps));

    await untilMonitorIs('ok', ALL_TOLD);
    expect(await summary()).toMatchObject({ events: before + 100, dropped: 0 });
  });

  it('is killed under load: what it missed waits for the next one', async () => {
    const load = classifyMany(60);
    await until(async () => ((await monitorStatus())?.events?.waiting ?? 0) > 0);
    process.kill(system.pid('monitor'), 'SIGKILL');
    await system.exitOf('monitor');
    await load;
    const missed = await classifyMany(20);

    expect(await monitorStatus()).toMatchObject({ status: 'unavailable' });
    await until(async () => (await monitorIn(`${system.url}/api/v1/status`))?.status === 'unavailable');
    const { text } = await get(`${system.url}/api/v1/status`);
    expect([leaksIn(text, system), /127\.0\.0\.1|ECONN/.exec(text)]).toEqual([[], null]);
    expect((await get(`${system.url}/health`)).status).toBe(200);
    expect((await get(`${system.urls.was}/v1/monitor/summary`)).status).toBe(503);

    await system.restart('monitor');
    await untilMonitorIs('ok', ALL_TOLD);
    const { events } = await asked<RecentEvents>('recent?count=100');
    expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining(missed));
  });

  it('alarms nobody', () => {
    expect(alarms(system)).toEqual([]);
  });
});
