// The business tier over real HTTP, with the real AWS SDK, against an endpoint that does as the test tells it.
import { ProblemError } from '@app/contracts';
import { Classification } from '@app/contracts/classification';
import { listen, loadConfig, PRODUCT_VERSION } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { onePixel, orientedPhoto, phonePhoto, photo } from '../../../test/support/images';
import { createWasApp } from '../src/create-was-app';
import { WasConfig } from '../src/was.config';
import { modelError, reply, Script, ScriptedEndpoint } from './support/scripted-endpoint';

/** Also while an endpoint is being created. */
const NO_ENDPOINT = reply(
  400,
  { message: 'Endpoint image-classifier of account 123456789012 not found.' },
  { 'x-amzn-errortype': 'ValidationError' },
);
const OWN_ANSWER = {
  model: { name: 'shapes', version: '1.0.0' },
  predictions: [{ label: 'circle', name: { en: 'circle', ko: '원' }, score: 0.9 }],
  thresholds: { uncertain: 0.5 },
};

describe('was', () => {
  let app: NestExpressApplication;
  let endpoint: ScriptedEndpoint;
  let url: string;

  async function start(script: Script, env: Record<string, string> = {}): Promise<void> {
    endpoint = await ScriptedEndpoint.start(script);
    process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] = endpoint.url;
    process.env['AWS_REGION'] = 'us-east-1';
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    app = await createWasApp(loadConfig(WasConfig, { LOG_LEVEL: 'silent', ...env }));
    url = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
  }

  afterEach(async () => {
    await app.close();
    await endpoint.stop();
  });

  async function classify(image: Buffer, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(`${url}/v1/classifications?top_k=3`, {
      method: 'POST',
      body: new Uint8Array(image),
      headers: { 'content-type': 'application/x-image', ...headers },
    });
  }

  async function problemOf(
    response: Promise<Response>,
  ): Promise<{ status: number; code: string; retryAfter: string | null }> {
    const { status, headers, json } = await response.then(async (r) => ({
      status: r.status,
      headers: r.headers,
      json: (await r.json()) as { code: string },
    }));
    return { status, code: json.code, retryAfter: headers.get('retry-after') };
  }

  it('answers with decision, image facts and timings', async () => {
    await start(reply(200, OWN_ANSWER, { 'x-amzn-invoked-production-variant': 'blue' }));
    const image = await photo({ width: 200, height: 100 });

    const response = await classify(image, { 'x-request-id': 'request-0001' });

    const answer = (await response.json()) as Classification;
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('request-0001');
    expect(response.headers.get('server-timing')).toMatch(/^decode;dur=[\d.]+, queue;dur=[\d.]+, infer;dur=/);
    expect(answer).toMatchObject({
      model: { name: 'shapes', version: '1.0.0', variant: 'blue' },
      decision: 'label',
      label: 'circle',
      score: 0.9,
      image: { width: 200, height: 100, format: 'jpeg', bytes: image.length },
    });
    expect(answer.image.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('sends on what SageMaker lets through, and continues the trace', async () => {
    const seen: Record<string, string>[] = [];
    await start((request, response, body) => {
      const attributes = new URLSearchParams(String(request.headers['x-amzn-sagemaker-custom-attributes']));
      seen.push({
        path: request.url ?? '',
        type: request.headers['content-type'] ?? '',
        ...Object.fromEntries(attributes),
      });
      reply(200, OWN_ANSWER)(request, response, body);
    });

    await classify(await photo({ width: 200, height: 100 }), {
      'x-request-id': 'request-0001',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-deadline-ms': '5000',
    });

    const sent = seen.at(-1);
    expect(sent).toMatchObject({
      path: '/endpoints/image-classifier/invocations',
      type: 'image/jpeg',
      request_id: 'request-0001',
      top_k: '3',
    });
    expect(sent?.['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    expect(Number(sent?.['deadline_ms'])).toBeLessThanOrEqual(5000);
  });

  it('sends a small clean image as it is, and a phone photo small, upright and without metadata', async () => {
    const bodies: Buffer[] = [];
    await start((request, response, body) => {
      bodies.push(body);
      reply(200, OWN_ANSWER)(request, response, body);
    });
    const small = await photo({ width: 200, height: 100 });
    const large = await phonePhoto();

    await classify(small);
    expect(bodies.at(-1)?.equals(small)).toBe(true);

    const answer = (await (await classify(large)).json()) as Classification;
    const sent = bodies.at(-1) ?? Buffer.alloc(0);
    expect(sent.length).toBeLessThan(large.length / 3);
    expect(sent.includes('Exif')).toBe(false);
    expect(answer.image.height).toBeGreaterThan(answer.image.width); // taken upright, stored lying
  });

  it.each([1, 6, 8])('tells the size of the upright image for EXIF orientation %i', async (orientation) => {
    await start(reply(200, OWN_ANSWER));
    const upright = (await (await classify(await orientedPhoto(1))).json()) as Classification;

    const answer = (await (await classify(await orientedPhoto(orientation))).json()) as Classification;

    expect([answer.image.width, answer.image.height]).toEqual([upright.image.width, upright.image.height]);
  });

  it('reads other container families, with the configured threshold', async () => {
    await start(reply(200, [{ label: 'cat', score: 0.4 }]), { WAS_UNCERTAIN_BELOW: '0.45' });

    const answer = (await (await classify(await onePixel())).json()) as Classification;

    expect(answer).toMatchObject({ decision: 'uncertain', label: 'cat', model: { name: 'image-classifier' } });
  });

  it.each<[string, Script, number, string]>([
    ['HTML', reply(200, '<html>hello</html>', { 'content-type': 'text/html' }), 502, 'bad-model-answer'],
    [
      'an HTML error page',
      reply(502, '<html>bad gateway</html>', { 'content-type': 'text/html' }),
      502,
      'bad-model-answer',
    ],
    ['nonsense JSON', reply(200, { hello: 'world' }), 502, 'bad-model-answer'],
    ['an answer without a body', reply(200, ''), 502, 'bad-model-answer'],
    [
      'ServiceUnavailable',
      reply(503, { message: 'x' }, { 'x-amzn-errortype': 'ServiceUnavailable' }),
      503,
      'model-unavailable',
    ],
    [
      'InternalFailure',
      reply(500, { message: 'x' }, { 'x-amzn-errortype': 'InternalFailure' }),
      503,
      'model-unavailable',
    ],
    ['an endpoint that does not exist', NO_ENDPOINT, 503, 'model-missing'],
    [
      'another ValidationError',
      reply(400, { message: 'Variant x not found.' }, { 'x-amzn-errortype': 'ValidationError' }),
      503,
      'model-unavailable',
    ],
    ['a container that fails', modelError(500, 'Internal Server Error'), 503, 'model-unavailable'],
    ['a container that refuses the image', modelError(415, 'no'), 422, 'image-undecodable'],
    [
      'our container being full',
      modelError(503, JSON.stringify(new ProblemError('overloaded', { retryAfterSeconds: 1 }).toDocument())),
      503,
      'overloaded',
    ],
    ['a broken connection', (request) => request.socket.destroy(), 503, 'model-unavailable'],
  ])('turns %s into a problem', async (_, script, status, code) => {
    await start(script);

    expect(await problemOf(classify(await onePixel()))).toMatchObject({ status, code });
  });

  it('tries once more what may be tried again, and nothing else', async () => {
    await start(reply(503, { message: 'x' }, { 'x-amzn-errortype': 'ServiceUnavailable' }));
    await classify(await onePixel());
    expect(endpoint.invocations).toBe(2);

    await app.close();
    await endpoint.stop();
    await start(modelError(422, 'no'));
    await classify(await onePixel());
    expect(endpoint.invocations).toBe(1);
  });

  it('answers 504 when the endpoint hangs past the deadline', async () => {
    await start(() => undefined);

    const problem = await problemOf(classify(await onePixel(), { 'x-deadline-ms': '300' }));

    expect(problem).toMatchObject({ status: 504, code: 'deadline-exceeded' });
  });

  it('does not wait past its deadline for a model that has not described itself', async () => {
    let isDescribing = false;
    await start((_request, response) => {
      isDescribing = true;
      response.on('close', () => (isDescribing = false));
    });

    const problem = await problemOf(classify(await onePixel(), { 'x-deadline-ms': '300' }));

    expect(problem).toMatchObject({ status: 504, code: 'deadline-exceeded' });
    expect(isDescribing).toBe(true);
  });

  it('stops waiting for the endpoint when its caller leaves', async () => {
    let left: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (left = resolve));
    let invoked: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (invoked = resolve));
    await start((request, response, body) => {
      if (request.headers['content-type'] === 'application/json') {
        reply(200, {})(request, response, body);
        return;
      }
      response.on('close', left);
      invoked();
    });
    const caller = new AbortController();

    const request = fetch(`${url}/v1/classifications`, {
      method: 'POST',
      body: new Uint8Array(await onePixel()),
      signal: caller.signal,
    });
    await arrived;
    caller.abort();

    await expect(request).rejects.toThrow('aborted');
    await expect(closed).resolves.toBeUndefined();
  });

  it('refuses what no place is left for, and goes on afterwards', async () => {
    const waiting: (() => void)[] = [];
    let full: () => void = () => undefined;
    const busy = new Promise<void>((resolve) => (full = resolve));
    await start(
      (request, response, body) => {
        const answer = () => reply(200, OWN_ANSWER)(request, response, body);
        if (request.headers['content-type'] === 'application/json') {
          answer();
          return;
        }
        waiting.push(answer);
        full();
      },
      { WAS_MAX_CONCURRENT: '1', WAS_MAX_QUEUE: '0' },
    );
    const first = classify(await onePixel());
    await busy;

    expect(await problemOf(classify(await onePixel()))).toEqual({ status: 503, code: 'overloaded', retryAfter: '1' });

    waiting.forEach((answer) => answer());
    expect((await first).status).toBe(200);
  });

  it('opens the circuit after many outages, so that a dead endpoint is not asked again and again', async () => {
    await start(reply(500, { message: 'x' }, { 'x-amzn-errortype': 'InternalFailure' }));
    const image = await onePixel();
    for (let request = 0; request < 12; request++) await classify(image);
    const asked = endpoint.invocations;

    const problem = await problemOf(classify(image));

    expect(problem).toMatchObject({ status: 503, code: 'model-unavailable', retryAfter: '1' });
    expect(endpoint.invocations).toBe(asked);
  });

  it('goes on without a model, says so, and answers as soon as there is one', async () => {
    let isThere = false;
    await start((...exchange) => (isThere ? reply(200, OWN_ANSWER) : NO_ENDPOINT)(...exchange));
    const image = await onePixel();
    // More than would open the circuit: whoever asks when there is a model is answered at once.
    for (let request = 0; request < 12; request++) await classify(image);
    expect(await problemOf(classify(image))).toEqual({ status: 503, code: 'model-missing', retryAfter: '60' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${url}/version`)).json()).toEqual({ version: PRODUCT_VERSION, build: 'local' });
    const status = (await (await fetch(`${url}/v1/status`)).json()) as { tiers: object[] };
    expect(status.tiers).toMatchObject([
      { name: 'was', status: 'ok', version: PRODUCT_VERSION, build: 'local' },
      { name: 'model', status: 'unavailable', problem: { code: 'model-missing' } },
    ]);

    isThere = true;

    expect((await classify(image)).status).toBe(200);
  });

  it('tells whether the model answers', async () => {
    await start(reply(503, { message: 'x' }, { 'x-amzn-errortype': 'ServiceUnavailable' }));

    const status = (await (await fetch(`${url}/v1/status`)).json()) as { tiers: { name: string; status: string }[] };

    expect(status.tiers.map(({ name, status }) => [name, status])).toEqual([
      ['was', 'ok'],
      ['model', 'unavailable'],
    ]);
  });

  it.each([
    ['top_k=0', 'top_k must be at least 1.'],
    ['top_k=abc', 'top_k must be a whole number.'],
    ['heatmap=maybe', 'heatmap must be true or false.'],
  ])('refuses %s', async (query, detail) => {
    await start(reply(200, OWN_ANSWER));

    const response = await fetch(`${url}/v1/classifications?${query}`, { method: 'POST', body: 'x' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid-parameter', detail });
  });
});
