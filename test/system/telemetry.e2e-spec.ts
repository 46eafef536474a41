// All tiers as processes that export to a collector: a photo's way is one trace, figures arrive, and nobody is hurt when the collector is.
import { findFreePort } from '@app/sagemaker-local';
import { MonitorProcess } from '../../apps/monitor/test/support/monitor-process';
import { until } from '../support/conditions';
import { photo } from '../support/images';
import { CollectedSpan, OtlpCollector } from '../support/otlp-collector';
import { raw, Reply, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms, LogRecord, logRecords } from '../support/system-log';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLER_SPAN_ID = 'b7ad6b7169203331';
/** Of one process: `FLUSH_LIMIT_MS` and what a busy machine needs. They end one after the other. */
const STOPPED_WITHIN_MS = 10_000;
/** Processes start, and end with their last export, one after the other. */
const TEST_LIMIT_MS = 120_000;

const INTERNAL = 1;
const SERVER = 2;
const CLIENT = 3;
const CONSUMER = 5;

let collector: OtlpCollector;
let monitor: MonitorProcess;
let system: RunningSystem;

/** `LOG_LEVEL` debug shows what monitor says of traces. */
async function start(telemetry: Readonly<Record<string, string>>): Promise<void> {
  const common = { ...telemetry, LOG_LEVEL: 'debug' };
  monitor = new MonitorProcess({
    ...common,
    PATH: process.env['PATH'] ?? '',
    MONITOR_PORT: String(await findFreePort()),
  });
  const toMonitor = { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: String(await monitor.messagePort()) };
  system = await startSystem({ environment: { web: common, was: { ...common, ...toMonitor }, endpoint: common } });
}

/** Exports are soon, so that no test waits for them. */
function exportingTo(url: string): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: '200', OTEL_BSP_SCHEDULE_DELAY: '100' };
}

async function stop(): Promise<number> {
  const askedAt = performance.now();
  monitor.signal('SIGTERM');
  const exits = await system.stop();
  expect(await monitor.exit).toBe(0);
  for (const exit of Object.values(exits)) expect(exit).toMatchObject({ code: 0, signal: null });
  return performance.now() - askedAt;
}

async function classify(seed: number, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const image = raw(await photo({ seed, width: 64, height: 48 }));
  return await send(`${system.url}/api/v1/classifications`, { ...image, headers: { ...image.headers, ...headers } });
}

function traceIdOf({ headers }: Reply): string {
  return String(headers['traceparent']).split('-')[1] ?? '';
}

function records(): readonly (LogRecord & { readonly traceIds?: readonly string[] })[] {
  return [...logRecords(system), ...logRecords({ log: monitor.stdout.split('\n').map((text) => ({ text })) })];
}

/** Services in whose log the trace is. */
function loggedBy(traceId: string): string[] {
  const lines = records().filter((line) => line.traceId === traceId || line.traceIds?.includes(traceId));
  return [...new Set(lines.map(({ service }) => service))].sort();
}

const complaints = () => records().filter(({ msg }) => /exported/.test(msg));

describe('with a collector', () => {
  beforeAll(async () => {
    collector = await OtlpCollector.start();
    await start(exportingTo(collector.url));
  });
  afterAll(async () => {
    await system.stop();
    monitor.signal('SIGKILL');
    await monitor.exit;
    await collector.stop();
  });

  const spanOf = (service: string, name: string, traceId = TRACE_ID): CollectedSpan => {
    const found = collector.spansOf(traceId).filter((span) => span.service === service && span.name === name);
    expect(found).toHaveLength(1);
    return found[0] as CollectedSpan; // the only one
  };

  it('follows a photo from web to the model container and to monitor', async () => {
    await classify(1); // was learns what the model is like
    const { status } = await classify(2, { traceparent: `00-${TRACE_ID}-${CALLER_SPAN_ID}-01` });
    expect(status).toBe(200);
    await until(() => new Set(collector.spansOf(TRACE_ID).map(({ service }) => service)).size === 4);
    await until(() => collector.spansOf(TRACE_ID).length === 12);

    const inWeb = spanOf('web', 'POST /api/v1/classifications');
    const toWas = spanOf('web', 'POST /v1/classifications');
    const inWas = spanOf('was', 'POST /v1/classifications');
    const toModel = spanOf('was', 'SageMakerRuntime/InvokeEndpoint');
    const inModel = spanOf('model', 'POST /invocations');
    expect([inWeb, toWas, inWas, toModel, inModel].map(({ kind, parentSpanId }) => [kind, parentSpanId])).toEqual([
      [SERVER, CALLER_SPAN_ID],
      [CLIENT, inWeb.spanId],
      [SERVER, toWas.spanId],
      [CLIENT, inWas.spanId],
      [SERVER, toModel.spanId],
    ]);
    expect(spanOf('monitor', 'count classification')).toMatchObject({ kind: CONSUMER, parentSpanId: inWas.spanId });
    for (const [parent, name] of [
      [inWeb, 'receive image'],
      [inWas, 'wait for a place'],
      [inWas, 'normalise image'],
      [inModel, 'decode image'],
      [inModel, 'wait for a worker'],
      [inModel, 'run model'],
    ] as const) {
      const part = collector.spansOf(TRACE_ID).find((span) => span.name === name);
      expect(part).toMatchObject({ service: parent.service, kind: INTERNAL, parentSpanId: parent.spanId });
    }
    expect(inWeb.attributes).toMatchObject({
      'http.route': '/api/v1/classifications',
      'http.response.status_code': 200,
    });
    expect(toModel.attributes).toMatchObject({ 'rpc.system.name': 'aws-api', 'http.response.status_code': 200 });
  });

  it('has the trace in the logs of all four', async () => {
    const traceId = traceIdOf(await classify(3));

    await until(() => loggedBy(traceId).length === 4);
    expect(loggedBy(traceId)).toEqual(['model', 'monitor', 'was', 'web']);
    await until(() => collector.spansOf(traceId).some(({ service }) => service === 'monitor'));
  });

  it('says where a request failed, and why', async () => {
    const { body } = raw(Buffer.from('no image at all'));
    const reply = await send(`${system.url}/api/v1/classifications`, {
      headers: { 'content-type': 'image/jpeg' },
      body,
    });
    const traceId = traceIdOf(reply);

    await until(() => collector.spansOf(traceId).some(({ service, kind }) => service === 'web' && kind === SERVER));
    await until(() => collector.spansOf(traceId).some(({ name }) => name === 'normalise image'));
    expect(reply.status).toBe(415);
    expect(spanOf('was', 'normalise image', traceId)).toMatchObject({
      attributes: { 'error.type': 'unsupported-image-format' },
      failed: false, // it did what it is for
    });
    expect(spanOf('web', 'POST /api/v1/classifications', traceId).attributes).toMatchObject({
      'http.response.status_code': 415,
    });
  });

  it('does not record what its caller does not want recorded, and no probes', async () => {
    const unwanted = '1'.repeat(32);
    await classify(4, { traceparent: `00-${unwanted}-${CALLER_SPAN_ID}-00` });
    await send(`${system.url}/health/ready`, { method: 'GET' });
    const traceId = traceIdOf(await classify(5));

    await until(() => collector.spansOf(traceId).some(({ service, kind }) => service === 'web' && kind === SERVER));
    expect(collector.spansOf(unwanted)).toEqual([]);
    expect(collector.spans.filter(({ attributes }) => String(attributes['url.path']).startsWith('/health'))).toEqual(
      [],
    );
  });

  it('exports figures of all four', async () => {
    await until(() => collector.points.size === 4);
    await until(() => collector.pointsOf('classifier.monitor.received').length > 0);

    const of = (metric: string) => collector.pointsOf(metric);
    const services = (metric: string) => [...new Set(of(metric).map(({ service }) => service))].sort();
    for (const metric of ['process.memory.usage', 'nodejs.eventloop.delay.p99']) {
      expect(services(metric)).toEqual(['model', 'monitor', 'was', 'web']);
    }
    expect(services('http.server.request.duration')).toEqual(['model', 'was', 'web']);
    expect(of('classifier.classifications')).toEqual([
      expect.objectContaining({
        service: 'was',
        attributes: expect.objectContaining({ 'model.name': 'everyday-objects', decision: expect.any(String) }),
      }),
    ]);
    for (const metric of ['classifier.inference.duration', 'classifier.queue.wait', 'rpc.client.call.duration']) {
      expect(of(metric).reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(0);
    }
  });

  it('names no photo, no label and no person', () => {
    const text = collector.bodies.join('\n');

    expect(text).not.toMatch(/user_agent|client\.address|sha256|"label"/i);
  });
});

describe('with a collector that hangs', () => {
  it(
    'answers as ever, complains once, exports when it is back, and ends in time',
    async () => {
      collector = await OtlpCollector.start();
      collector.isHung = true;
      await start({ ...exportingTo(collector.url), OTEL_EXPORTER_OTLP_TIMEOUT: '300' });

      for (let seed = 0; seed < 5; seed += 1) expect((await classify(seed)).status).toBe(200);
      await until(() => complaints().length >= 8); // four processes, traces and metrics
      const before = collector.requests;
      await until(() => collector.requests > before + 16);
      expect(complaints().filter(({ level }) => level === 'warn')).toHaveLength(8);

      collector.isHung = false;
      await classify(6);
      await until(() => complaints().filter(({ level }) => level === 'info').length === 8);
      collector.isHung = true;

      expect(await stop()).toBeLessThan(4 * STOPPED_WITHIN_MS);
      expect(alarms(system)).toEqual([]);
      await collector.stop();
    },
    TEST_LIMIT_MS,
  );
});

describe('with no collector there', () => {
  it(
    'answers as ever, and ends in time',
    async () => {
      await start(exportingTo(`http://127.0.0.1:${await findFreePort()}`));

      for (let seed = 0; seed < 5; seed += 1) expect((await classify(seed)).status).toBe(200);

      expect(await stop()).toBeLessThan(4 * STOPPED_WITHIN_MS);
      expect(alarms(system)).toEqual([]);
    },
    TEST_LIMIT_MS,
  );
});

describe('without telemetry', () => {
  it('still has a trace in the logs of all four, and says nothing of telemetry', async () => {
    await start({});
    const traceId = traceIdOf(await classify(1));

    await until(() => loggedBy(traceId).length === 4);
    expect(complaints()).toEqual([]);
    await stop();
  });
});
