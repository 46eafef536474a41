// A rollout, rehearsed: two colours of web and of was as processes, each pair behind a load balancer, and people who use the service all
// the while. Traffic moves to the new colour and back, first for was, then for web, and the old colour ends. Nobody notices.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/conditions';
import { Colour, LoadBalancer } from '../support/load-balancer';
import { SteadyLoad } from '../support/steady-load';
import { RunningSystem, startSystem, SystemOptions } from '../support/system';
import { alarms, logRecords } from '../support/system-log';

type Service = 'was' | 'web';

/** The ways of a rollout's traffic: to the new colour by and by, in percent, and how many requests it answers before the next step. */
const STEPS = [
  [10, 3],
  [100, 15],
] as const;

/** Of each colour of a service, before it counts as having worked. */
const LEAST_ANSWERS = 10;

let folder: string;
let colours: Record<Colour, RunningSystem>;
let balancers: Record<Service, LoadBalancer>;
let load: SteadyLoad;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  balancers = { was: await LoadBalancer.start(), web: await LoadBalancer.start() };
  const drain = { LOG_LEVEL: 'info', DRAIN_DELAY_MS: '3000' };
  const feedback = { WAS_FEEDBACK_DIR: folder, WAS_FEEDBACK_KEY: randomBytes(32).toString('base64') };
  const options: SystemOptions = { environment: { was: { ...drain, ...feedback }, web: drain } };
  const was = () => Promise.resolve(balancers.was.url);
  const blue = await startSystem({ ...options, tiers: ['endpoint', 'was', 'web'], via: { was } });
  const endpoint = () => Promise.resolve(blue.urls.endpoint);
  const green = startSystem({ ...options, tiers: ['was', 'web'], via: { was, endpoint } }).catch(
    async (error: unknown) => {
      await blue.stop();
      throw error;
    },
  );
  colours = { blue, green: await green };
}, 90_000);

afterEach(async () => {
  await Promise.all([
    ...Object.values(colours).map((colour) => colour.stop()),
    ...Object.values(balancers).map((each) => each.stop()),
  ]);
  rmSync(folder, { recursive: true });
}, 60_000);

async function register(service: Service, colour: Colour, as = colour): Promise<void> {
  await balancers[service].register(as, colours[colour].urls[service]);
}

async function rollOut(service: Service, colour: Colour): Promise<void> {
  for (const [percent, requests] of STEPS) await balancers[service].shift(colour, percent, requests);
}

function end(service: Service, colour: Colour, signal: NodeJS.Signals) {
  process.kill(colours[colour].pid(service), signal);
  return colours[colour].exitOf(service);
}

/** The requests that a service of a colour has answered, by its log: `POST /v1/classifications 200`. */
function answersOf(service: Service, colour: Colour): string[] {
  return logRecords(colours[colour])
    .filter((record) => record.service === service)
    .flatMap(({ msg }) => (/^[A-Z]+ \/.* (\d+|client left)$/.test(msg) ? [msg] : []));
}

/** Ends it all. What was asked was answered, once, by one of the colours of web, and both colours of both services have worked. */
async function expectNothingLost(): Promise<void> {
  await load.stop();
  expect(load.failures).toEqual([]);
  await Promise.all([colours.blue.stop(), colours.green.stop()]); // then their logs are whole
  expect([...balancers.was.faults, ...balancers.web.faults]).toEqual([]);
  expect([...alarms(colours.blue), ...alarms(colours.green)]).toEqual([]);
  const answers = (service: Service) => [...answersOf(service, 'blue'), ...answersOf(service, 'green')];
  expect([...answers('web'), ...answers('was')].filter((answer) => !/ 20[01]$/.test(answer))).toEqual([]);
  expect(answers('web')).toHaveLength(load.sent);
  for (const service of ['was', 'web'] as const) {
    for (const colour of ['blue', 'green'] as const)
      expect(answersOf(service, colour).length).toBeGreaterThan(LEAST_ANSWERS);
  }
}

it('loses no request when a rollout is taken back, done again and the old colour ends', async () => {
  for (const service of ['was', 'web'] as const) await register(service, 'blue');
  load = await SteadyLoad.start(balancers.web.url);

  for (const service of ['was', 'web'] as const) {
    const balancer = balancers[service];
    await balancer.shift('blue', 100, 10);
    await register(service, 'green');
    await rollOut(service, 'green');
    await balancer.shift('blue', 100, 15);
    await rollOut(service, 'green');
    await balancer.deregister(colours.blue.urls[service]);
    expect(await end(service, 'blue', 'SIGTERM')).toMatchObject({ code: 0 });
    await balancer.shift('green', 100, 15);
  }

  await expectNothingLost();
}, 120_000);

it('loses no request when traffic goes back, and the new colour is killed after its last one', async () => {
  for (const service of ['was', 'web'] as const) await register(service, 'blue');
  load = await SteadyLoad.start(balancers.web.url);

  for (const service of ['was', 'web'] as const) {
    await register(service, 'green');
    await rollOut(service, 'green');
    await balancers[service].shift('blue', 100, 15);
    await balancers[service].deregister(colours.green.urls[service]);
    expect(await end(service, 'green', 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await balancers[service].shift('blue', 100, 15);
  }

  await expectNothingLost();
}, 120_000);

it('loses no request when a task is told to stop that the load balancer still sends to', async () => {
  for (const service of ['was', 'web'] as const) {
    await register(service, 'blue');
    await register(service, 'green', 'blue'); // two tasks of one colour
  }
  load = await SteadyLoad.start(balancers.web.url);

  for (const service of ['was', 'web'] as const) {
    const balancer = balancers[service];
    // The task with the fewest requests gets the next, so the two share them as their speeds have it.
    await until(() => answersOf(service, 'green').length > LEAST_ANSWERS);
    const ended = end(service, 'green', 'SIGTERM');
    await until(() => !balancer.isHealthy(colours.green.urls[service]));
    await balancer.deregister(colours.green.urls[service]);
    expect(await ended).toMatchObject({ code: 0 });
    await balancer.shift('blue', 100, 15);
  }

  await expectNothingLost();
}, 120_000);
