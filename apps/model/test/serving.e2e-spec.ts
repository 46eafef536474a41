import { Header, MAX_INVOCATION_BYTES } from '@app/contracts';
import {
  DESCRIBE_BASELINE_REQUEST,
  DESCRIBE_REQUEST,
  ModelAnswer,
  parseInvocationTimings,
} from '@app/contracts/sagemaker';
import { featureSketch } from '@app/learning/sketch';
import { COLOUR_GAIN, ColourClassifierOptions } from '@app/onnx/testing';
import { listen, loadConfig, Readiness } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModelApp } from '../src/create-model-app';
import { ModelConfig } from '../src/model.config';
import { ModelHost } from '../src/serving/model-host';
import { COLOUR_BASELINE } from './support/colour-baseline';
import { BLUE, RED, twoColours } from './support/colour-image';
import { COLOUR_MANIFEST, writeColourPackage } from './support/colour-package';

/** Long enough that what is sent meanwhile finds the worker busy. */
const SLOW: ColourClassifierOptions = { busyWork: 15 };

describe('the model container', () => {
  let folder: string;
  let app: NestExpressApplication | undefined;
  let address: string;

  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'model-serving-'))));
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Start {
    readonly manifest?: object;
    readonly graph?: ColourClassifierOptions;
    readonly env?: Readonly<Record<string, string>>;
    readonly load?: boolean;
  }

  async function start({ manifest, graph, env, load = true }: Start = {}): Promise<NestExpressApplication> {
    const packageFolder = await writeColourPackage(mkdtempSync(join(folder, 'package-')), manifest, graph);
    const settings = { MODEL_DIR: packageFolder, MODEL_WORKERS: '1', LOG_LEVEL: 'silent', ...env };
    app = await createModelApp(loadConfig(ModelConfig, settings));
    address = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
    if (load) await app.get(ModelHost).load();
    return app;
  }

  function invoke(body: Buffer | string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${address}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
  }
  const attributes = (text: string) => ({ [Header.customAttributes]: text });

  async function expectProblem(response: Response, status: number, code: string) {
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
      status,
      type: expect.stringContaining('application/problem+json'),
    });
    const document: unknown = await response.json();
    expect(document).toMatchObject({ status, code, requestId: response.headers.get(Header.requestId) });
    return document;
  }

  it('serves under the version that the deployment says', async () => {
    await start({ env: { MODEL_VERSION: '7.0.0' } });
    const model = { name: COLOUR_MANIFEST.name, version: '7.0.0' };

    expect(await (await invoke(await twoColours(RED, RED))).json()).toMatchObject({ model });
    const described = await invoke(JSON.stringify(DESCRIBE_REQUEST), { 'content-type': 'application/json' });
    expect(await described.json()).toMatchObject(model);
  });

  it('refuses a version that is none', () => {
    expect(() => loadConfig(ModelConfig, { MODEL_VERSION: 'latest' })).toThrow(
      /MODEL_VERSION must be a Semantic Version/,
    );
  });

  describe('GET /ping', () => {
    it('says 503 until the model is loaded, then 200, and 503 again while it drains', async () => {
      const running = await start({ load: false });
      await expectProblem(await fetch(`${address}/ping`), 503, 'model-unavailable');
      await expectProblem(await invoke(await twoColours(RED, RED)), 503, 'model-unavailable');

      await running.get(ModelHost).load();
      expect((await fetch(`${address}/ping`)).status).toBe(200);

      running.get(Readiness).drain();
      expect((await fetch(`${address}/ping`)).status).toBe(503);
      expect((await invoke(await twoColours(RED, RED))).status).toBe(200);
    });
  });

  describe('POST /invocations', () => {
    it.each([
      ['image/jpeg', 'jpeg'],
      ['image/png', 'png'],
      ['image/webp', 'webp'],
      ['application/x-image', 'jpeg'],
      ['IMAGE/PNG; charset=binary', 'png'],
    ] as const)('classifies %s', async (contentType, format) => {
      await start();

      const response = await invoke(await twoColours(BLUE, BLUE, { format }), { 'content-type': contentType });

      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      const answer = (await response.json()) as { predictions: { label: string; score: number }[] };
      expect(answer).toMatchObject({
        model: { name: 'colours', version: '1.2.3' },
        thresholds: { uncertain: 0.5, unknown: 0 },
      });
      expect(answer).not.toHaveProperty('heatmap');
      expect(answer.predictions).toHaveLength(3);
      expect(answer.predictions[0]).toMatchObject({ label: 'blue', name: { en: 'blue', ko: 'blue (ko)' } });
      expect(answer.predictions[0]?.score).toBeCloseTo(Math.exp(COLOUR_GAIN) / (Math.exp(COLOUR_GAIN) + 2), 2);
    });

    it('scores by calibrated softmax and tells how unlike the training data an image is', async () => {
      const temperature = 4;
      await start({ manifest: { ...COLOUR_MANIFEST, temperature } });

      const answer = (await (await invoke(await twoColours(RED, RED))).json()) as {
        predictions: { label: string; score: number }[];
        outOfSetScore: number;
      };

      const [red, other] = [Math.exp(COLOUR_GAIN / temperature), 1];
      expect(answer.predictions.map(({ label }) => label)).toEqual(['red', 'green', 'blue']);
      expect(answer.predictions[0]?.score).toBeCloseTo(red / (red + 2 * other), 5);
      expect(answer.outOfSetScore).toBeCloseTo(-temperature * Math.log(red + 2 * other), 5);
    });

    it('believes the graph where it tells itself how unlike its training data an image is', async () => {
      await start({ graph: { outOfSet: true } });

      const answer = (await (await invoke(await twoColours(RED, RED))).json()) as { outOfSetScore: number };

      expect(answer.outOfSetScore).toBeCloseTo(2 / 3, 5); // one of three channels is full
    });

    it('gives as many predictions as top_k asks for', async () => {
      await start();
      const image = await twoColours(RED, BLUE, { leftShare: 0.6 });

      const two = (await (await invoke(image, attributes('top_k=2'))).json()) as { predictions: { label: string }[] };
      const all = (await (await invoke(image, attributes('top_k=100'))).json()) as { predictions: unknown[] };

      expect(two.predictions.map(({ label }) => label)).toEqual(['red', 'blue']);
      expect(all.predictions).toHaveLength(3);
      for (const nonsense of ['top_k=0', 'top_k=101', 'top_k=1.5']) {
        const document = await expectProblem(await invoke(image, attributes(nonsense)), 400, 'invalid-parameter');
        expect(document).toMatchObject({ errors: [{ parameter: 'top_k' }] });
      }
    });

    it('shows where the top label is, and which part of the image it saw', async () => {
      await start();
      // 128 x 64: the model sees the middle half; its left 3/4 are red.
      const image = await twoColours(RED, BLUE, { width: 128, leftShare: 0.625 });

      const { heatmap } = (await (await invoke(image, attributes('heatmap=true'))).json()) as { heatmap: unknown };

      const row = [1, 1, 1, 1, 1, 1, 0, 0];
      expect(heatmap).toEqual({
        label: 'red',
        width: 8,
        height: 8,
        values: Array.from({ length: 8 }, () => row).flat(),
        region: { x: 0.25, y: 0, width: 0.5, height: 1 },
      });
    });

    it('tells what monitoring compares when it is asked to', async () => {
      await start();
      const image = await twoColours(RED, [255, 255, 255], { width: 64 });
      const answerTo = async (text: string) => (await (await invoke(image, attributes(text))).json()) as ModelAnswer;

      const { observation } = await answerTo('observe=true');

      // Half of the luma is 0.299, the other half 1; only two of 62 columns have a Laplacian other than 0.
      const [step, columns] = [1 - 0.299, 62];
      expect(observation).toEqual({
        brightness: expect.closeTo((0.299 + 1) / 2, 4),
        contrast: expect.closeTo(step / 2, 4),
        sharpness: expect.closeTo((2 * step ** 2) / columns, 4),
        sketch: featureSketch(Float32Array.of(1, 0.5, 0.5)).map((value) => expect.closeTo(value, 4) as number),
      });
      for (const text of ['', 'observe=false', 'heatmap=true'])
        expect(await answerTo(text)).not.toHaveProperty('observation');
      expect(JSON.stringify(observation).length).toBeLessThan(400);
    });

    it('tells no sketch of a graph that gives no features', async () => {
      await start({ graph: { explains: false } });

      const answer = (await (
        await invoke(await twoColours(RED, RED), attributes('observe=true'))
      ).json()) as ModelAnswer;

      expect(answer.observation).toEqual({ brightness: 0.299, contrast: 0, sharpness: 0 });
    });

    it('serves a graph without a feature map, without heatmaps', async () => {
      await start({ graph: { explains: false } });

      const answer: unknown = await (await invoke(await twoColours(RED, RED), attributes('heatmap=true'))).json();

      expect(answer).toMatchObject({ predictions: [{ label: 'red' }, {}, {}] });
      expect(answer).not.toHaveProperty('heatmap');
    });

    it('serves other graphs: float32 NCHW with mean and std, fixed shape, probabilities', async () => {
      await start({
        graph: { input: 'float32', batch: 1, size: 32, output: 'probabilities', explains: false },
        manifest: {
          ...COLOUR_MANIFEST,
          input: { type: 'float32', size: 32, resize: 'stretch', mean: [0.5, 0, 0], std: [0.25, 1, 1] },
          output: { name: 'probabilities', kind: 'probabilities' },
          temperature: 7, // must not matter
        },
      });

      const answer = (await (await invoke(await twoColours(RED, RED))).json()) as { predictions: { score: number }[] };

      const red = Math.exp(COLOUR_GAIN * ((1 - 0.5) / 0.25));
      expect(answer.predictions[0]).toMatchObject({ label: 'red', score: expect.closeTo(red / (red + 2), 5) });
      expect(answer).not.toHaveProperty('outOfSetScore');
    });

    it('gives the request id and the timings back', async () => {
      await start();

      const response = await invoke(await twoColours(RED, RED), {
        ...attributes('request_id=from-web-1234&traceparent=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
      });

      const timings = parseInvocationTimings(response.headers.get(Header.customAttributes) ?? undefined);
      expect(timings).toMatchObject({ requestId: 'from-web-1234' });
      expect(timings?.decodeMs).toBeGreaterThan(0);
      expect(timings?.inferMs).toBeGreaterThan(0);
      expect(response.headers.get(Header.requestId)).toBe('from-web-1234');
      expect(response.headers.get(Header.traceparent)).toContain('0af7651916cd43dd8448eb211c80319c');
    });

    it('describes the model', async () => {
      const metrics = { top1: 0.9, note: 'made up' };
      const evaluation = {
        measuredOn: 'test',
        images: 3,
        confusedPairs: [{ actual: 'red', predicted: 'green', images: 1, share: 0.5 }],
        reliability: [{ images: 3, confidence: 0.7, accuracy: 0.6667 }],
      } as const;
      await start({ manifest: { ...COLOUR_MANIFEST, metrics, evaluation, baseline: COLOUR_BASELINE } });

      const response = await invoke(JSON.stringify(DESCRIBE_REQUEST), { 'content-type': 'application/json' });

      const { schemaVersion: _, ...described } = COLOUR_MANIFEST;
      expect(await response.json()).toEqual({ ...described, metrics, evaluation, explains: true });
    });

    it.each([
      ['as it is in the package', COLOUR_BASELINE],
      ['or that there is none', undefined],
    ])('describes the baseline, %s', async (_, baseline) => {
      await start({ manifest: { ...COLOUR_MANIFEST, baseline }, env: { MODEL_VERSION: '7.0.0' } });

      const response = await invoke(JSON.stringify(DESCRIBE_BASELINE_REQUEST), { 'content-type': 'application/json' });

      const model = { name: COLOUR_MANIFEST.name, version: '7.0.0' };
      expect(await response.json()).toEqual({ model, baseline: baseline ?? null });
    });

    it.each(['{"operation":"destroy"}', '[]', 'not json', ''])('refuses %j as JSON', async (body) => {
      await start();

      await expectProblem(await invoke(body, { 'content-type': 'application/json' }), 400, 'malformed-request');
    });

    it.each([undefined, '*/*', 'application/json', 'text/html, application/*;q=0.5'])(
      'answers Accept: %s',
      async (accept) => {
        await start();

        const response = await invoke(await twoColours(RED, RED), accept === undefined ? {} : { accept });

        expect(response.status).toBe(200);
      },
    );

    it('refuses what it cannot do with the problem that fits', async () => {
      await start();
      const image = await twoColours(RED, RED);

      await expectProblem(await invoke(image, { accept: 'text/csv' }), 406, 'not-acceptable');
      await expectProblem(await invoke('1,2,3', { 'content-type': 'text/csv' }), 415, 'unsupported-media-type');
      await expectProblem(await fetch(`${address}/invocations`, { method: 'POST' }), 415, 'unsupported-media-type');
      await expectProblem(await invoke(''), 400, 'image-empty');
      await expectProblem(await invoke('GIF89a is not read'), 415, 'unsupported-image-format');
      await expectProblem(await invoke(image.subarray(0, image.length / 2)), 422, 'image-undecodable');
      await expectProblem(await fetch(`${address}/invocations`), 405, 'method-not-allowed');
      await expectProblem(await fetch(`${address}/elsewhere`), 404, 'not-found');
    });

    it('takes a body up to the limit of InvokeEndpoint', async () => {
      await start();

      await expectProblem(await invoke(Buffer.alloc(MAX_INVOCATION_BYTES)), 415, 'unsupported-image-format');
      const document = await expectProblem(
        await invoke(Buffer.alloc(MAX_INVOCATION_BYTES + 1)),
        413,
        'image-too-large',
      );
      expect(document).toMatchObject({ limitBytes: MAX_INVOCATION_BYTES });
    });

    it('refuses more than may wait, and answers the rest', async () => {
      await start({ graph: SLOW, env: { MODEL_MAX_QUEUE: '2' } });
      const image = await twoColours(RED, RED);

      const responses = await Promise.all(Array.from({ length: 6 }, () => invoke(image)));

      const refused = responses.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(3);
      for (const response of refused) {
        expect(response.headers.get(Header.retryAfter)).toBe('1');
        await expectProblem(response, 503, 'overloaded');
      }
      expect((await invoke(image)).status).toBe(200);
    });

    it('refuses before it decodes', async () => {
      await start({ graph: SLOW, env: { MODEL_MAX_QUEUE: '1' } });
      const image = await twoColours(RED, RED);

      const others = [invoke(image), invoke(image), invoke(image)];
      expect((await Promise.race(others)).status).toBe(503); // so two are inside

      await expectProblem(await invoke('GIF89a is not read'), 503, 'overloaded');
      await Promise.all(others);
    });

    it('does not begin what is too late', async () => {
      await start({ graph: SLOW });
      const image = await twoColours(RED, RED);
      await expectProblem(await invoke(image, attributes('deadline_ms=0')), 504, 'deadline-exceeded');

      const others = [invoke(image), invoke(image), invoke(image)];
      await Promise.race(others); // now the second runs and the third waits
      const late = invoke(image, attributes('deadline_ms=20'));
      const inTime = invoke(image, attributes('deadline_ms=60000'));

      await expectProblem(await late, 504, 'deadline-exceeded');
      expect((await inTime).status).toBe(200);
      await Promise.all(others);
    });

    it('goes on when a client leaves', async () => {
      await start({ graph: SLOW, env: { MODEL_MAX_QUEUE: '1' } });
      const image = await twoColours(RED, RED);
      const leaving = new AbortController();
      const gone = fetch(`${address}/invocations`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(image),
        signal: leaving.signal,
      });
      const stays = invoke(image);
      setTimeout(() => leaving.abort(), 20);

      await expect(gone).rejects.toThrow(/abort/);
      expect((await stays).status).toBe(200);
      expect((await invoke(image)).status).toBe(200);
    });
  });
});
