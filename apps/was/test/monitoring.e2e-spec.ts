// The business tier and monitor over Nest's real TCP transport: monitor may be as unwell as it likes, classifications go on.
import { Classification, TierReport } from '@app/contracts/classification';
import { DESCRIBE_BASELINE_REQUEST, ModelAnswer } from '@app/contracts/sagemaker';
import { MAX_BATCH_EVENTS } from '@app/contracts/monitoring';
import { continueTrace, listen, loadConfig } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { of, delay } from 'rxjs';
import { photo } from '../../../test/support/images';
import { Classifier, ClassifierAnswer } from '../src/classification/classifier.port';
import { createWasApp } from '../src/create-was-app';
import { BaselineSender } from '../src/monitoring/baseline-sender';
import { EventSender, MAX_WAITING_EVENTS } from '../src/monitoring/event-sender';
import { TcpMonitorClient } from '../src/monitoring/tcp-monitor-client';
import { WasConfig } from '../src/was.config';
import { reply, Script, ScriptedEndpoint } from './support/scripted-endpoint';
import { hung, refusing, ScriptedMonitor, well } from './support/scripted-monitor';

const OBSERVATION = { brightness: 0.5, contrast: 0.2, sharpness: 0.01, sketch: [1.5, -2] };
const ANSWER: ModelAnswer = {
  model: { name: 'shapes', version: '1.0.0' },
  predictions: [
    { label: 'circle', name: { en: 'circle' }, score: 0.9 },
    { label: 'square', name: { en: 'square' }, score: 0.06 },
  ],
  thresholds: { uncertain: 0.5 },
  outOfSetScore: -3,
  observation: OBSERVATION,
};
/** What a prober of `missingBaselines` is told. */
const BASELINE = { images: 3 };

let app: NestExpressApplication;
let endpoint: ScriptedEndpoint;
let monitor: ScriptedMonitor;
let url: string;
let image: Buffer;
/** Custom attributes of each invocation with an image, and the operations that were asked for. */
let asked: URLSearchParams[];
let operations: string[];

const describing: Script = (request, response, body) => {
  const { operation } = JSON.parse(body.toString()) as { operation: string };
  operations.push(operation);
  const baseline = { model: ANSWER.model, baseline: BASELINE };
  reply(200, operation === DESCRIBE_BASELINE_REQUEST.operation ? baseline : {})(request, response, body);
};

async function start(env: Record<string, string> = monitor.env, describe = describing): Promise<void> {
  [asked, operations] = [[], []];
  endpoint = await ScriptedEndpoint.start((request, response, body) => {
    if (request.headers['content-type'] === 'application/json') {
      describe(request, response, body);
      return;
    }
    asked.push(new URLSearchParams(String(request.headers['x-amzn-sagemaker-custom-attributes'])));
    reply(200, ANSWER)(request, response, body);
  });
  process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] = endpoint.url;
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  app = await createWasApp(loadConfig(WasConfig, { LOG_LEVEL: 'silent', ...env }));
  url = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
}

async function classify(topK = 3): Promise<Classification> {
  const response = await fetch(`${url}/v1/classifications?top_k=${topK}`, {
    method: 'POST',
    body: new Uint8Array(image),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Classification;
}

async function tier(): Promise<TierReport | undefined> {
  const { tiers } = (await (await fetch(`${url}/v1/status`)).json()) as { tiers: TierReport[] };
  return tiers.find(({ name }) => name === 'monitor');
}

beforeAll(async () => (image = await photo({ width: 200, height: 100 })));
beforeEach(async () => (monitor = await ScriptedMonitor.start()));
afterEach(async () => {
  await app.close();
  await endpoint.stop();
  monitor.kill();
});

describe('was with a monitor that is well', () => {
  it('tells it of each classification, with what the container observed', async () => {
    await start();

    const answers = [await classify(), await classify(1)];
    await monitor.until(({ events }) => events.length === 2);

    expect(asked.map((attributes) => [attributes.get('observe'), attributes.get('top_k')])).toEqual([
      ['true', '3'],
      ['true', '2'], // the second best is needed for the margin, and not answered
    ]);
    expect(answers.map(({ predictions }) => predictions.length)).toEqual([2, 1]);
    expect(monitor.events.map(({ id }) => id)).toEqual(answers.map(({ id }) => id));
    expect(monitor.events[1]).toEqual({
      id: answers[1]?.id,
      at: expect.any(Number),
      model: ANSWER.model,
      decision: 'label',
      label: 'circle',
      score: 0.9,
      margin: 0.84,
      outOfSetScore: -3,
      width: 200,
      height: 100,
      ...OBSERVATION,
      latencyMs: expect.any(Number),
    });
    expect(await tier()).toEqual({
      name: 'monitor',
      status: 'ok',
      latencyMs: expect.any(Number),
      events: { waiting: 0, dropped: 0 },
    });
    expect(monitor.mostConnections).toBe(1);
  });

  it('tells which monitor answers, where it says so', async () => {
    monitor.answerQuestion = () => of({ events: [], version: '1.2.3', build: '3f2a9c01b7de' });
    await start();
    expect(await tier()).toMatchObject({ status: 'ok', version: '1.2.3', build: '3f2a9c01b7de' });
  });

  it('hands on questions', async () => {
    await start();
    monitor.answerQuestion = () => of({ hello: 'world' });

    const paths = ['summary?window=5m', 'drift?window=7d', 'recent?count=7', 'summary', 'recent'];
    const answers = await Promise.all(
      paths.map(async (path): Promise<unknown> => (await fetch(`${url}/v1/monitor/${path}`)).json()),
    );

    expect(answers).toEqual(paths.map(() => ({ hello: 'world' })));
    const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();
    expect(sorted(monitor.questions)).toEqual(
      sorted([
        { pattern: 'monitor.summary', query: { window: '5m' } },
        { pattern: 'monitor.drift', query: { window: '7d' } },
        { pattern: 'monitor.recent', query: { count: 7 } },
        { pattern: 'monitor.summary', query: { window: '1h' } },
        { pattern: 'monitor.recent', query: { count: 20 } },
      ]),
    );
  });

  it.each([
    ['summary?window=2h', 'window must be one of 5m, 1h, 24h, 7d.'],
    ['recent?count=0', 'count must be at least 1.'],
    ['recent?count=x', 'count must be a whole number.'],
  ])('refuses the question %s', async (path, detail) => {
    await start();

    const response = await fetch(`${url}/v1/monitor/${path}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid-parameter', detail });
    expect(monitor.questions).toEqual([]);
  });

  it('fetches the baselines that it lacks, and not again and again', async () => {
    await start();
    const missing = [ANSWER.model, { name: 'shapes', version: '0.9.0' }];
    monitor.answer = () => of({ accepted: true, missingBaselines: missing });

    await classify();
    await monitor.until(({ baselines }) => baselines.length === 1);
    await classify();
    await monitor.until(({ batches }) => batches.length === 2);

    expect(monitor.baselines).toEqual([{ model: ANSWER.model, baseline: BASELINE }]);
    expect(operations.filter((operation) => operation === DESCRIBE_BASELINE_REQUEST.operation)).toHaveLength(1);
  });

  it.each<[string, Script]>([
    ['another family answers', reply(200, { hello: 'world' })],
    ['an older container of ours refuses', oldContainer()],
  ])('says that there is no baseline when %s', async (_, describe) => {
    await start(monitor.env, describe);
    monitor.answer = () => of({ accepted: true, missingBaselines: [ANSWER.model] });

    await classify();
    await monitor.until(({ baselines }) => baselines.length === 1);

    expect(monitor.baselines).toEqual([{ model: ANSWER.model }]);
  });

  it('tells it of the last classifications before it ends', async () => {
    await start();
    const { id } = await classify();

    await app.close();

    expect(monitor.events.map((event) => event.id)).toEqual([id]);
  });
});

describe('was with a monitor that is not well', () => {
  it('classifies and waits for a slow one; no event comes twice', async () => {
    await start();
    monitor.answer = () => of({ accepted: true, missingBaselines: [] }).pipe(delay(1500));

    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      ids.push((await classify()).id);
      await monitor.until(({ batches }) => batches.length >= Math.min(at + 1, 1));
    }
    await monitor.until(({ events }) => events.length === 3);

    expect(monitor.events.map(({ id }) => id)).toEqual(ids);
    expect(monitor.batches.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('classifies while it hangs, and says so', async () => {
    await start();
    monitor.answer = hung;
    monitor.answerQuestion = hung;

    await classify();
    await monitor.until(({ batches }) => batches.length === 1);
    await classify();

    const events = { waiting: 2, dropped: 0 };
    expect(await tier()).toEqual({ name: 'monitor', status: 'unavailable', events });
    const response = await fetch(`${url}/v1/monitor/summary`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.json()).toMatchObject({ code: 'monitor-unavailable' });
  });

  it('classifies while it is dead, and tells it of all when it is there', async () => {
    monitor.kill();
    await start();
    const first = await classify();
    expect(await tier()).toMatchObject({ status: 'unavailable', events: { waiting: 1, dropped: 0 } });

    await monitor.comeBack();
    const second = await classify();
    await monitor.until(({ events }) => events.length === 2);

    expect(monitor.events.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(await tier()).toMatchObject({ status: 'ok', events: { waiting: 0, dropped: 0 } });
  });

  it('goes on when it was killed with a batch in its hands', async () => {
    await start();
    monitor.answer = () => {
      monitor.kill();
      return well(); // nobody hears it
    };
    const { id } = await classify();
    await monitor.until(({ batches }) => batches.length === 1);

    monitor.answer = well;
    await monitor.comeBack();
    await monitor.until(({ batches }) => batches.length === 2);

    expect(monitor.batches[1]).toEqual(monitor.batches[0]);
    expect(monitor.events.map((event) => event.id)).toEqual([id, id]);
  });

  it('throws away what it refuses, counts it, and goes on', async () => {
    await start();
    monitor.answer = refusing;
    await classify();
    await monitor.until(({ batches }) => batches.length === 1);
    expect(await tier()).toMatchObject({ status: 'ok', events: { waiting: 0, dropped: 1 } });

    monitor.answer = well;
    await classify();
    await monitor.until(({ batches }) => batches.length === 2);

    expect(monitor.batches.map(({ sequence, dropped }) => [sequence, dropped])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it('is not harmed by answers that make no sense', async () => {
    await start();
    monitor.answer = () => of(42);
    await classify();
    await monitor.until(({ batches }) => batches.length === 1);

    expect(await classify()).toMatchObject({ label: 'circle' });
    expect(await tier()).toMatchObject({ events: { waiting: 1, dropped: 1 } });
  });

  it('ends in time when it hangs', async () => {
    await start();
    monitor.answer = hung;
    await classify();

    await expect(app.close()).resolves.toBeUndefined();
  });
});

describe('was without a monitor', () => {
  it('asks the container for no observation, tells nobody, and has no such tier', async () => {
    await start({});

    await classify(1);

    expect([...(asked[0]?.keys() ?? [])]).not.toContain('observe');
    expect(asked[0]?.get('top_k')).toBe('1');
    expect(await tier()).toBeUndefined();
    const response = await fetch(`${url}/v1/monitor/drift?window=1h`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'monitor-off' });
  });
});

describe('EventSender', () => {
  let sender: EventSender;

  /** With little patience. */
  async function startSender(): Promise<void> {
    await start({});
    const client = new TcpMonitorClient({ host: '127.0.0.1', port: monitor.port, receiptTimeoutMs: 1000 });
    sender = new EventSender(client, new BaselineSender(app.get(Classifier), client));
  }
  afterEach(() => sender.onApplicationShutdown());

  async function tell(count: number): Promise<void> {
    const classification = await classify();
    const answer: ClassifierAnswer = { ...ANSWER, model: classification.model };
    for (let at = 0; at < count; at += 1) sender.classified(classification, answer, continueTrace(undefined));
  }

  it('sends a full batch at once, and none is larger', async () => {
    await startSender();

    await tell(MAX_BATCH_EVENTS + 3);
    await monitor.until(() => sender.counts.waiting === 0);

    const lengths = new Map(monitor.batches.map(({ sequence, events }) => [sequence, events.length]));
    expect([...lengths.values()]).toEqual([MAX_BATCH_EVENTS, 3]);
    expect(sender.counts).toEqual({ waiting: 0, dropped: 0 });
  });

  it('sends what is not answered again as it was, over a new connection, and no two are open', async () => {
    await startSender();
    monitor.answer = hung;

    await tell(1);
    await monitor.until(({ batches }) => batches.length === 1);
    await tell(1);
    await monitor.until(({ batches }) => batches.length === 3);
    monitor.answer = well;
    await monitor.until(({ events }) => events.length === monitor.batches.length && sender.counts.waiting === 0);

    const [first, ...again] = monitor.batches.slice(0, -1);
    expect(again.length).toBeGreaterThanOrEqual(2);
    for (const batch of again) expect(batch).toEqual(first);
    expect(monitor.batches.at(-1)).toMatchObject({ sequence: 2 });
    expect(monitor.mostConnections).toBe(1);
  });

  it('keeps the latest when nobody takes them, and tells how many are gone', async () => {
    await startSender();
    monitor.answer = hung;
    await tell(MAX_BATCH_EVENTS);
    await monitor.until(({ batches }) => batches.length === 1);

    await tell(MAX_WAITING_EVENTS + 70);
    expect(sender.counts).toEqual({ waiting: MAX_BATCH_EVENTS + MAX_WAITING_EVENTS, dropped: 70 });

    monitor.batches.length = 0;
    monitor.answer = well;
    await monitor.until(() => sender.counts.waiting === 0);
    const dropped = new Map(monitor.batches.map((batch) => [batch.sequence, batch.dropped]));
    expect([...dropped]).toEqual([1, 2, 3, 4, 5].map((sequence) => [sequence, sequence === 1 ? 0 : 70]));
  });
});

/** Of before there were baselines: it refuses with a problem, which SageMaker wraps. */
function oldContainer(): Script {
  const problem = { type: 'about:blank', title: 'x', status: 400, code: 'malformed-request', detail: 'x', reason: 'x' };
  const body = { Message: 'x', OriginalStatusCode: 400, OriginalMessage: JSON.stringify(problem) };
  return reply(424, body, { 'x-amzn-errortype': 'ModelError' });
}
