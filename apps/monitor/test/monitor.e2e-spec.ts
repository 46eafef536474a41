// The monitor process, spoken to as was does it, and as nobody should.
import { MonitoringPattern } from '@app/contracts/monitoring';
import { PRODUCT_VERSION } from '@app/platform';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/support/conditions';
import { MonitorClient } from './support/monitor-client';
import { MonitorProcess } from './support/monitor-process';
import { baselineOf, MODEL, TrafficSource } from './support/synthetic-traffic';

describe('the monitor process', () => {
  let folder: string;
  const traffic = new TrafficSource(1);
  const started: MonitorProcess[] = [];
  const clients: MonitorClient[] = [];

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'monitor-'))));
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.close());
    for (const monitor of started) monitor.signal('SIGKILL');
    await Promise.all(started.splice(0).map(({ exit }) => exit));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(env: Readonly<Record<string, string>> = {}): Promise<[MonitorProcess, MonitorClient]> {
    const monitor = new MonitorProcess({ MONITOR_STATE: folder, ...env });
    started.push(monitor);
    return [monitor, clientOf(await monitor.messagePort())];
  }

  function clientOf(port: number, source?: string): MonitorClient {
    const client = new MonitorClient(port, source);
    clients.push(client);
    return client;
  }

  /** Sends bytes, and gives what comes back until the connection closes. */
  async function raw(port: number, bytes: string): Promise<string> {
    return await new Promise((resolve) => {
      let reply = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (data) => (reply += data.toString()));
      socket.on('error', () => undefined); // a reset closes as well
      socket.on('close', () => resolve(reply));
    });
  }

  it('counts events, asks for the baseline, and answers questions', async () => {
    const [monitor, client] = await start();
    const events = traffic.events(300, {}, Date.now());

    expect(await client.sendEvents(events)).toEqual({ accepted: true, missingBaselines: [MODEL] });
    const baseline = baselineOf(traffic.events(300));
    expect(await client.ask(MonitoringPattern.baseline, { model: MODEL, baseline })).toEqual({ accepted: true });
    expect(await client.sendEvents(traffic.events(300, {}, Date.now()))).toEqual({
      accepted: true,
      missingBaselines: [],
    });

    const summary = await client.summary();
    expect(summary).toMatchObject({ window: '1h', model: MODEL, models: [MODEL], events: 600, dropped: 0 });
    expect(summary.labels[0]?.label).toBe('daisy');
    expect(summary.series).toHaveLength(60); // the whole window, also before the first event
    expect(summary.series.reduce((sum, { events }) => sum + events, 0)).toBe(600);
    await until(async () => (await client.drift()).images === 300 && (await client.drift()).baseline === 'package');
    expect(await client.drift()).toMatchObject({ state: 'quiet', images: 300 });
    const { events: recent, ...self } = await client.ask(MonitoringPattern.recent, { count: 5 });
    expect(self).toEqual({ version: PRODUCT_VERSION, build: 'local' });
    expect(recent).toHaveLength(5);
    expect(recent[0]).not.toHaveProperty('sketch');

    const url = await monitor.url();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${url}/version`)).json()).toEqual({ version: PRODUCT_VERSION, build: 'local' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(
      /^classifier_classifications_total\{model="flowers",version="1.0.0",decision="label"\} \d+$/m,
    );
    expect(metrics).toMatch(
      /^classifier_drift_score\{model="flowers",version="1.0.0",window="1h",check="features"\} [\d.e-]+$/m,
    );
  });

  it('tells of drift once when it comes', async () => {
    const [monitor, client] = await start();
    await client.ask(MonitoringPattern.baseline, { model: MODEL, baseline: baselineOf(traffic.events(300)) });

    await client.sendEvents(traffic.events(300, { brightness: -1.5 }, Date.now()));
    await until(async () => (await client.drift({ window: '5m' })).state === 'drift');

    const { checks } = await client.drift({ window: '5m' });
    expect(checks.filter(({ state }) => state === 'drift')).toMatchObject([{ name: 'brightness', direction: 'less' }]);
    await client.sendEvents(traffic.events(50, { brightness: -1.5 }, Date.now()));
    await until(() => /brightness of flowers 1.0.0 in [^"]*7d"/.test(monitor.stdout));
    expect(monitor.stdout.match(/"level":"warn"[^\n]*drift: brightness of flowers 1.0.0 in 5m/g)).toHaveLength(1);
    expect(monitor.stdout.match(/"level":"warn"[^\n]*drift/g)).toHaveLength(1);
  });

  it('counts a batch that comes again once, and the second feedback not at all', async () => {
    const [monitor, client] = await start();
    const batch = client.batch(traffic.events(10, {}, Date.now()), 1, 3);

    expect(await client.ask(MonitoringPattern.events, batch)).toMatchObject({ accepted: true });
    expect(await client.ask(MonitoringPattern.events, batch)).toMatchObject({ accepted: false });
    const feedback = { id: '0b5a1f3c-2f0a-4c3e-9a53-0a3c5a3a6f11', at: Date.now(), model: MODEL, right: false };
    expect(await client.ask(MonitoringPattern.feedback, feedback)).toEqual({ accepted: true });
    expect(await client.ask(MonitoringPattern.feedback, feedback)).toEqual({ accepted: false });

    expect(await client.summary()).toMatchObject({ events: 10, dropped: 3, feedback: { count: 1, right: 0 } });
    expect(await (await fetch(`${await monitor.url()}/metrics`)).text()).toContain(
      'monitor_repeated_batches_total 1\n',
    );
  });

  it('counts a decision of a later version as uncertain, and the rest of its batch as it is', async () => {
    const [, client] = await start();
    const events = traffic.events(10, {}, Date.now());
    events.forEach((event, index) => Object.assign(event, { decision: index === 0 ? 'several' : 'label', mood: 1 }));
    const batch = { source: 'later', sequence: 1, dropped: 0, mood: 'good', events };

    expect(await client.ask(MonitoringPattern.events, batch)).toMatchObject({ accepted: true });

    expect(await client.summary()).toMatchObject({ events: 10, decisions: { label: 9, uncertain: 1, unknown: 0 } });
  });

  it('refuses what is wrong with a reason, and goes on', async () => {
    const [, client] = await start();
    const refusal = async (pattern: string, message: unknown) =>
      await client.ask(pattern as 'monitor.events', message).then(
        // of others, no answer is expected
        () => 'accepted',
        (error: unknown) => error,
      );
    const batch = (events: unknown) => ({ source: 'a', sequence: 1, dropped: 0, events });
    const refused = (reason: RegExp) => ({ code: 'refused', message: expect.stringMatching(reason) });

    expect(await refusal('monitor.events', 'hello')).toEqual(refused(/source must/));
    expect(await refusal('monitor.events', [batch([])])).toEqual(refused(/source must/));
    expect(await refusal('monitor.events', batch(5))).toEqual(refused(/^events must/));
    expect(await refusal('monitor.events', batch(Array(501).fill({})))).toEqual(refused(/no more than 500/));
    expect(await refusal('monitor.events', batch([{}]))).toEqual(refused(/^events\.0\.id must be a UUID/));
    expect(await refusal('monitor.summary', { window: '2h' })).toEqual(refused(/window must be one of/));
    expect(await refusal('monitor.baseline', { model: MODEL, baseline: { images: -1 } })).toEqual(
      refused(/images must/),
    );
    expect(await refusal('monitor.reset', {})).toEqual(refused(/pattern is unknown/));
    expect(await client.sendEvents(traffic.events(1, {}, Date.now()))).toMatchObject({ accepted: true });
    expect(await client.summary()).toMatchObject({ events: 1, dropped: 5 });
  });

  it('closes on bytes that are no message, and goes on', async () => {
    const [monitor, client] = await start();
    const port = await monitor.messagePort();
    const garbage = [
      'abc#{}',
      '5#{"a"}',
      '-1#',
      '4#null',
      '2#17',
      '7#"hello"',
      `3000000#${'x'.repeat(3_000_000)}`,
      '9#{"id":{}}',
      '37#{"pattern":"monitor.events","id":"1"}',
    ];

    for (const bytes of garbage) {
      const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
      socket.on('error', () => undefined).resume();
      await new Promise((resolve) => socket.on('close', resolve));
    }
    await raw(port, '\u0000\u0001#');

    expect(await client.summary()).toMatchObject({ events: 0 });
    const metrics = await (await fetch(`${await monitor.url()}/metrics`)).text();
    const [, refused] = /^monitor_refused_messages_total (\d+)$/m.exec(metrics) ?? [];
    expect(Number(refused)).toBeGreaterThanOrEqual(garbage.length);
    expect(monitor.stdout).not.toContain('"level":"error"');
  });

  it('cuts off who speaks HTTP to the port for messages, unanswered', async () => {
    const [monitor, client] = await start();

    const reply = await raw(await monitor.messagePort(), 'GET /health/live HTTP/1.1\r\nHost: monitor\r\n\r\n');

    expect(reply).toBe('');
    expect(await client.summary()).toMatchObject({ events: 0 });
  });

  it('knows after kill -9 what was saved', async () => {
    const [first, client] = await start();
    await client.ask(MonitoringPattern.baseline, { model: MODEL, baseline: baselineOf(traffic.events(300)) });
    const batch = client.batch(traffic.events(200, {}, Date.now()), 1, 7);
    await client.ask(MonitoringPattern.events, batch);
    const state = join(folder, 'monitor.json');
    await until(() => existsSync(state) && readFileSync(state, 'utf8').includes('"dropped":7'));
    first.signal('SIGKILL');
    await first.exit;

    const [, second] = await start();

    expect(await second.summary()).toMatchObject({ events: 200, dropped: 7 });
    await until(async () => (await second.drift()).baseline === 'package');
    expect(await second.drift()).toMatchObject({ images: 200 });
    expect(await second.ask(MonitoringPattern.events, batch)).toMatchObject({ accepted: false });
  });

  it('answers what it has begun when SIGTERM comes, saves, and ends with 0', async () => {
    const [monitor, client] = await start({ MONITOR_SAVE_SECONDS: '600' });
    await client.sendEvents(traffic.events(1, {}, Date.now()));

    const sent = Array.from({ length: 20 }, () => client.sendEvents(traffic.events(200, {}, Date.now())));
    await Promise.race(sent);
    monitor.signal('SIGTERM');

    const outcomes = await Promise.allSettled(sent);
    expect(await monitor.exit).toBe(0);
    const answered = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const [, again] = await start();
    expect((await again.summary()).events).toBe(1 + 200 * answered);
  });

  it('sets a damaged state aside and begins anew', async () => {
    writeFileSync(join(folder, 'monitor.json'), '{"format":"something else"}\n');

    const [monitor, client] = await start();

    expect(await client.summary()).toMatchObject({ events: 0 });
    expect(monitor.stdout).toMatch(/"level":"warn"[^\n]*it was set aside/);
    expect(readdirSync(folder).some((name) => name.startsWith('monitor.json.damaged-'))).toBe(true);
  });

  it('answers for all monitors that share a state', async () => {
    const [, one] = await start({ MONITOR_INSTANCE: 'one' });
    const [, two] = await start({ MONITOR_INSTANCE: 'two' });
    const baseline = baselineOf(traffic.events(300));
    await one.ask(MonitoringPattern.baseline, { model: MODEL, baseline });
    await one.sendEvents(traffic.events(100, {}, Date.now()));
    await two.sendEvents(traffic.events(50, {}, Date.now()));

    await until(async () => (await two.summary()).events === 150);
    await until(async () => (await one.summary()).events === 150);
    await two.sendEvents(traffic.events(60, {}, Date.now())); // by now it compares with the same baseline
    await until(async () => (await one.drift()).images === 160);

    expect(await two.drift()).toMatchObject({ baseline: 'package' });
  });

  it('takes 1,000 events a second for some seconds', async () => {
    const [, client] = await start();

    for (let second = 0; second < 3; second += 1) {
      const batches = Array.from({ length: 10 }, () => client.sendEvents(traffic.events(100, {}, Date.now())));
      await Promise.all([...batches, new Promise((resolve) => setTimeout(resolve, 1000))]);
    }

    expect((await client.summary()).events).toBe(3000);
  });

  it('ends with 78 for a wrong configuration, and with 1 when a port is taken', async () => {
    const wrong = new MonitorProcess({ MONITOR_STATE: 's3://' });
    const [first] = await start();
    const taken = new MonitorProcess({ MONITOR_PORT: String(await first.messagePort()) });
    started.push(wrong, taken);

    expect(await wrong.exit).toBe(78);
    expect(wrong.stderr).toContain('MONITOR_STATE');
    expect(await taken.exit).toBe(1);
    expect(taken.stdout).toContain('EADDRINUSE');
  });
});
