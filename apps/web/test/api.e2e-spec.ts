// The gateway's API over real HTTP, with a business tier that does as the test tells it.
import { ProblemError } from '@app/contracts';
import { BatchItemResponse, BatchResponse, ClassificationResponse } from '@app/contracts/classification';
import { listen, loadConfig } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import request from 'supertest';
import { createWebApp } from '../src/create-web-app';
import { WebConfig } from '../src/web.config';
import { Answer, ScriptedWas, sendJson } from './support/scripted-was';

const IMAGE = Buffer.from('the bytes of an image');

describe('web API', () => {
  let was: ScriptedWas;
  let app: NestExpressApplication;
  let url: string;

  async function start(env: Record<string, string> = {}): Promise<void> {
    was = await ScriptedWas.start();
    app = await createWebApp(loadConfig(WebConfig, { LOG_LEVEL: 'silent', WEB_WAS_URL: was.url, ...env }));
    url = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
  }

  afterEach(async () => {
    await app.close();
    await was.stop();
  });

  const classify = () => request(url).post('/api/v1/classifications');
  const batch = () => request(url).post('/api/v1/classifications/batch');

  describe('one image', () => {
    it('is taken as a multipart field and as raw bytes, and goes on as bytes', async () => {
      await start();

      const form = await classify().attach('image', IMAGE, 'photo.jpg').expect(200);
      const raw = await classify().set('content-type', 'image/jpeg').send(IMAGE).expect(200);

      expect((form.body as ClassificationResponse).label).toBe(`bytes-${IMAGE.length}`);
      expect(raw.body).toEqual(form.body);
      expect(was.received.map(({ body }) => body.equals(IMAGE))).toEqual([true, true]);
    });

    it('hands request id, trace, deadline and options on, and names id and timing in the reply', async () => {
      await start();

      const response = await classify()
        .query({ top_k: 3, heatmap: true })
        .set('x-request-id', 'request-0001')
        .set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
        .attach('image', IMAGE, 'photo.jpg')
        .expect(200);

      const [received] = was.received;
      expect(received?.path).toBe('/v1/classifications?top_k=3&heatmap=true');
      expect(received?.headers).toMatchObject({ 'x-request-id': 'request-0001' });
      expect(received?.headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-/);
      expect(Number(received?.headers['x-deadline-ms'])).toBeGreaterThan(0);
      expect(response.headers).toMatchObject({ 'x-request-id': 'request-0001', 'cache-control': 'no-store' });
      expect(response.headers['server-timing']).toMatch(
        /^decode;dur=1.23, queue;dur=0.00, infer;dur=2.00, hops;dur=[\d.]+, total;dur=[\d.]+$/,
      );
      expect((response.body as ClassificationResponse).score).toBe(0.8765);
    });

    it('replaces a request id that could do harm in a log', async () => {
      await start();

      const response = await classify().set('x-request-id', 'a"b <script>').attach('image', IMAGE, 'x').expect(200);

      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('gets its names in the language of the client', async () => {
      await start();

      const korean = await classify().set('accept-language', 'ko-KR,ko;q=0.9,en;q=0.8').attach('image', IMAGE, 'x');
      const french = await classify().set('accept-language', 'fr').attach('image', IMAGE, 'x');

      expect((korean.body as ClassificationResponse).predictions[0]?.name).toBe('크기');
      expect(korean.headers['content-language']).toBe('ko');
      expect((french.body as ClassificationResponse).predictions[0]?.name).toBe('size');
    });

    it.each([
      ['no file', () => classify().field('other', 'x'), 400, 'image-missing'],
      ['a form with nothing chosen', () => classify().attach('image', Buffer.alloc(0), ''), 400, 'image-missing'],
      ['an empty file', () => classify().attach('image', Buffer.alloc(0), 'empty.jpg'), 400, 'image-empty'],
      ['an empty raw body', () => classify().set('content-type', 'image/png'), 400, 'image-empty'],
      ['two files', () => classify().attach('image', IMAGE, 'a').attach('image', IMAGE, 'b'), 400, 'too-many-images'],
      ['no content type', () => classify().unset('content-type').send(), 415, 'unsupported-media-type'],
      ['a wrong content type', () => classify().type('text/plain').send('x'), 415, 'unsupported-media-type'],
      ['a form without boundary', () => classify().type('multipart/form-data').send('x'), 400, 'malformed-request'],
      [
        'a broken form',
        () => classify().type('multipart/form-data; boundary=b').send('--b\r\nx'),
        400,
        'malformed-request',
      ],
      ['top_k=0', () => classify().query({ top_k: 0 }).attach('image', IMAGE, 'x'), 400, 'invalid-parameter'],
      ['top_k=abc', () => classify().query({ top_k: 'abc' }).attach('image', IMAGE, 'x'), 400, 'invalid-parameter'],
      [
        'an answer that nobody has',
        () => classify().set('accept', 'text/csv').attach('image', IMAGE, 'x'),
        406,
        'not-acceptable',
      ],
      ['a method that is not there', () => request(url).get('/api/v1/classifications'), 405, 'method-not-allowed'],
      ['a path that is not there', () => request(url).post('/api/v1/nothing'), 404, 'not-found'],
      ['a path that cannot be decoded', () => request(url).get('/api/v1/%zz'), 400, 'malformed-request'],
    ])('is refused: %s', async (_, send, status, code) => {
      await start();

      const response = await send().ok(() => true);

      expect({ status: response.status, code: (response.body as { code?: string }).code }).toEqual({ status, code });
      expect(response.headers['content-type']).toContain('application/problem+json');
      expect(response.body).toMatchObject({
        status,
        type: `/problems/${code}`,
        requestId: response.headers['x-request-id'],
      });
    });

    it('names the allowed methods with a 405', async () => {
      await start();
      const response = await request(url).delete('/api/v1/classifications');
      expect(response.headers['allow']).toBe('POST');
    });

    it('is refused while it uploads, long before its end, when it is too large', async () => {
      await start();
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      const head = `POST /api/v1/classifications HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ntransfer-encoding: chunked\r\n\r\n`;
      const megabyte = Buffer.alloc(1_000_000);
      let reply = '';
      socket.on('data', (data: Buffer) => (reply += data.toString()));
      socket.on('error', () => undefined);

      socket.write(head);
      let sent = 0;
      while (reply === '' && sent < 40) {
        socket.write(`${megabyte.length.toString(16)}\r\n`);
        socket.write(megabyte);
        socket.write('\r\n');
        sent++;
        await delay(10);
      }
      socket.destroy();

      expect(reply).toMatch(/^HTTP\/1.1 413 /);
      expect(reply).toContain('"limitBytes":15000000');
      expect(sent).toBeLessThan(40);
      expect(was.received).toHaveLength(0);
    });

    it('is refused from its announced length, before a byte of it has arrived', async () => {
      await start();
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.write(
        'POST /api/v1/classifications HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 16000000\r\n\r\n',
      );

      const reply = await new Promise<string>((resolve) =>
        socket.once('data', (data: Buffer) => resolve(data.toString())),
      );

      socket.destroy();
      expect(reply).toMatch(/^HTTP\/1.1 413 /);
    });

    it('is refused when it stalls', async () => {
      await start({ WEB_UPLOAD_IDLE_MS: '200' });
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.write(
        'POST /api/v1/classifications HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 1000\r\n\r\nabc',
      );

      const reply = await new Promise<string>((resolve) =>
        socket.once('data', (data: Buffer) => resolve(data.toString())),
      );

      socket.destroy();
      expect(reply).toMatch(/^HTTP\/1.1 408 /);
      expect(reply).toContain('upload-stalled');
    });

    it('costs memory only until its client has left', async () => {
      await start({ WEB_UPLOAD_MEMORY_MB: '15' });
      const { hostname, port } = new URL(url);
      for (let client = 0; client < 3; client++) {
        const socket = connect(Number(port), hostname);
        socket.write(
          'POST /api/v1/classifications HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 14000000\r\n\r\n',
        );
        await new Promise((resolve) => socket.write(Buffer.alloc(10_000_000), resolve));
        await delay(50);
        socket.destroy();
        await delay(50);
      }

      expect((await classify().attach('image', IMAGE, 'x')).status).toBe(200);
    });

    it('is refused before it is received when the business tier has enough to do, on a connection that is kept', async () => {
      await start({ WEB_MAX_CONCURRENT: '1' });
      let answerFirst: () => void = () => undefined;
      const { answer } = was;
      const arrived = new Promise<void>((resolve) => {
        was.answer = (received, response, request) => {
          answerFirst = () => answer(received, response, request);
          resolve();
        };
      });
      const first = classify()
        .attach('image', IMAGE, 'x')
        .then((response) => response);
      await arrived;

      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      const head =
        'POST /api/v1/classifications HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 3\r\n\r\n';
      socket.write(head);
      const refusal = await new Promise<string>((resolve) =>
        socket.once('data', (data: Buffer) => resolve(data.toString())),
      );
      expect(refusal).toMatch(/^HTTP\/1.1 503 /);
      expect(refusal.toLowerCase()).not.toContain('connection: close');

      answerFirst();
      expect((await first).status).toBe(200);
      was.answer = answer;
      socket.write('abc'); // the rest of the refused body
      socket.write(`${head}abc`);
      const reply = await new Promise<string>((resolve) =>
        socket.once('data', (data: Buffer) => resolve(data.toString())),
      );
      socket.destroy();
      expect(reply).toMatch(/^HTTP\/1.1 200 /);
    });

    it('is refused when the memory for uploads is taken', async () => {
      await start({ WEB_UPLOAD_MEMORY_MB: '15' });
      let answerFirst: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        was.answer = (_, response) => {
          answerFirst = () =>
            sendJson(response, 503, new ProblemError('overloaded', { retryAfterSeconds: 1 }).toDocument());
          resolve();
        };
      });
      const first = classify()
        .set('content-type', 'image/jpeg')
        .send(Buffer.alloc(14_000_000))
        .ok(() => true)
        .then((r) => r);
      await arrived;

      const second = await classify()
        .set('content-type', 'image/jpeg')
        .send(Buffer.alloc(2_000_000))
        .ok(() => true);

      answerFirst();
      await first;
      expect(second.status).toBe(503);
      expect(second.body).toMatchObject({ code: 'overloaded' });
    });
  });

  describe('when the business tier', () => {
    const send = async () =>
      await classify()
        .attach('image', IMAGE, 'x')
        .ok(() => true);

    it('refuses, its problem is the reply', async () => {
      await start();
      was.answer = (_, response) => sendJson(response, 422, new ProblemError('image-undecodable', {}).toDocument());

      const response = await send();

      expect(response.status).toBe(422);
      expect(response.body).toMatchObject({ code: 'image-undecodable', requestId: response.headers['x-request-id'] });
    });

    it('is not there, the reply is 503 with Retry-After', async () => {
      await start({ WEB_WAS_URL: 'http://127.0.0.1:9' });

      const response = await send();

      expect(response.status).toBe(503);
      expect(response.headers['retry-after']).toBe('2');
      expect(JSON.stringify(response.body)).not.toContain('127.0.0.1');
    });

    it('hangs, the reply is 504 at the deadline', async () => {
      await start({ WEB_DEADLINE_MS: '300' });
      was.answer = () => undefined;

      expect((await send()).status).toBe(504);
    });

    it('gives up at its deadline, its reason is the reply', async () => {
      await start({ WEB_DEADLINE_MS: '2000' });
      was.answer = ({ headers }, response) => {
        const refuse = () => sendJson(response, 502, new ProblemError('bad-model-answer', {}).toDocument());
        setTimeout(refuse, Number(headers['x-deadline-ms']));
      };

      expect((await send()).status).toBe(502);
    });

    it.each([
      ['a load balancer’s HTML', 502, '<html>', 503],
      ['a load balancer’s time-out', 504, '<html>', 504],
      ['no JSON', 200, '<html>', 503],
    ])('answers %s, the reply is a problem of ours', async (_, status, body, expected) => {
      await start();
      was.answer = (_received, response) => response.writeHead(status).end(body);

      expect((await send()).status).toBe(expected);
    });

    it.each<[string, Answer]>([
      ['closes a kept connection', (_received, _response, { socket }) => void socket.destroy()],
      ['resets a kept connection', (_received, _response, { socket }) => void socket.resetAndDestroy()],
      ['is lost behind a load balancer', (_received, response) => void response.writeHead(502).end('<html>502')],
    ])('%s, the question is asked again, once', async (_, lose) => {
      await start();
      const { answer } = was;
      was.answer = (...exchange) => {
        was.answer = answer;
        lose(...exchange);
      };

      expect((await send()).status).toBe(200);
      expect(was.received).toHaveLength(2);

      was.answer = lose;
      expect((await send()).body).toMatchObject({ status: 503, code: 'service-unavailable' });
      expect(was.received).toHaveLength(4);
    });

    it('itself says 502, it is not asked again', async () => {
      await start();
      was.answer = (_received, response) =>
        sendJson(response, 502, new ProblemError('bad-model-answer', {}).toDocument());

      expect((await send()).body).toMatchObject({ status: 502, code: 'bad-model-answer' });
      expect(was.received).toHaveLength(1);
    });
  });

  describe('a batch', () => {
    it('gets a result for each image, in order, whatever order they finish in', async () => {
      await start();
      const { answer } = was;
      was.answer = (received, response, request) => {
        setTimeout(() => answer(received, response, request), received.body.length === 1 ? 200 : 0);
      };

      const response = await batch()
        .attach('images', Buffer.alloc(1), 'slow.jpg')
        .attach('images', Buffer.alloc(0), 'empty.jpg')
        .attach('images', Buffer.alloc(3), 'fast.jpg')
        .expect(200);

      const { results } = response.body as BatchResponse;
      expect(results.map(({ index, filename }) => [index, filename])).toEqual([
        [0, 'slow.jpg'],
        [1, 'empty.jpg'],
        [2, 'fast.jpg'],
      ]);
      expect(results[0]?.classification?.label).toBe('bytes-1');
      expect(results[1]?.problem?.code).toBe('image-empty');
      expect(results[2]?.classification?.label).toBe('bytes-3');
    });

    it('streams results as they finish when the client asks for lines', async () => {
      await start();
      const { answer } = was;
      was.answer = (received, response, request) => {
        setTimeout(() => answer(received, response, request), received.body.length === 1 ? 200 : 0);
      };

      const response = await batch()
        .set('accept', 'application/x-ndjson')
        .attach('images', Buffer.alloc(1), 'slow.jpg')
        .attach('images', Buffer.alloc(3), 'fast.jpg')
        .buffer()
        .parse((stream, done) => {
          let text = '';
          stream.on('data', (data: Buffer) => (text += data.toString()));
          stream.on('end', () => done(null, text));
        })
        .expect(200);

      const lines = (response.body as string)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as BatchItemResponse);
      expect(response.headers['content-type']).toContain('application/x-ndjson');
      expect(lines.map(({ index }) => index)).toEqual([1, 0]);
    });

    it('keeps going when one image is too large', async () => {
      await start();

      const response = await batch()
        .attach('images', Buffer.alloc(15_000_001), 'huge.jpg')
        .attach('images', Buffer.alloc(3), 'small.jpg')
        .expect(200);

      const { results } = response.body as BatchResponse;
      expect(results.map(({ problem, classification }) => problem?.code ?? classification?.label)).toEqual([
        'image-too-large',
        'bytes-3',
      ]);
    });

    it('takes 16 images and refuses 17', async () => {
      await start();
      const attach = (count: number) =>
        Array.from({ length: count }).reduce<request.Test>((test) => test.attach('images', IMAGE, 'x.jpg'), batch());

      const sixteen = await attach(16).expect(200);
      const seventeen = await attach(17).ok(() => true);

      expect((sixteen.body as BatchResponse).results).toHaveLength(16);
      expect(seventeen.status).toBe(400);
      expect(seventeen.body).toMatchObject({ code: 'too-many-images', limit: 16 });
    });

    it('is refused without images', async () => {
      await start();
      const response = await batch()
        .field('other', 'x')
        .ok(() => true);
      expect(response.body).toMatchObject({ status: 400, code: 'image-missing' });
    });
  });

  describe('a client', () => {
    it('is told its rate limit, and refused beyond it', async () => {
      await start({ WEB_RATE_LIMIT_PER_MINUTE: '2' });
      const version = () =>
        request(url)
          .get('/version')
          .ok(() => true);

      const [first, , third] = [await version(), await version(), await version()];

      expect(first.headers['ratelimit']).toContain('r=1');
      expect(first.headers['ratelimit-policy']).toContain('q=2');
      expect(third.status).toBe(429);
      expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
      expect(third.body).toMatchObject({ code: 'too-many-requests' });
      await request(url).get('/health/ready').expect(200);
    });

    it('is told apart by X-Forwarded-For only behind a trusted proxy, and only by its last hop', async () => {
      await start({ WEB_RATE_LIMIT_PER_MINUTE: '1', WEB_TRUST_PROXY: 'true' });
      const from = (addresses: string) =>
        request(url)
          .get('/version')
          .set('x-forwarded-for', addresses)
          .ok(() => true);

      expect((await from('203.0.113.1')).status).toBe(200);
      expect((await from('198.51.100.7, 203.0.113.1')).status).toBe(429);
      expect((await from('203.0.113.2')).status).toBe(200);
    });

    it('cannot get around the limit by forging X-Forwarded-For', async () => {
      await start({ WEB_RATE_LIMIT_PER_MINUTE: '1' });
      const from = (address: string) =>
        request(url)
          .get('/version')
          .set('x-forwarded-for', address)
          .ok(() => true);

      expect((await from('203.0.113.1')).status).toBe(200);
      expect((await from('203.0.113.2')).status).toBe(429);
    });

    it('gets 431 for 100 KB of headers', async () => {
      await start();
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.write(`GET /version HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`);

      const reply = await new Promise<string>((resolve) =>
        socket.once('data', (data: Buffer) => resolve(data.toString())),
      );

      socket.destroy();
      expect(reply).toMatch(/^HTTP\/1.1 431 /);
      expect(reply).toContain('headers-too-large');
    });
  });

  it('is well without its monitor: photos are answered all the same', async () => {
    await start();
    const monitor = { name: 'monitor', status: 'unavailable', detail: 'Events: 7 waiting, 0 dropped.' };
    const tiers = [{ name: 'was', status: 'ok' }, { name: 'model', status: 'ok' }, monitor];
    was.answer = ({ path }, response) =>
      path === '/v1/status'
        ? sendJson(response, 200, { tiers })
        : sendJson(response, 503, { code: 'monitor-unavailable', detail: 'Nothing answers.' });

    const status = await request(url).get('/api/v1/status').expect(200);

    expect(status.body).toMatchObject({
      status: 'ok',
      tiers: [{}, {}, {}, monitor],
      monitoring: { state: 'unavailable' },
    });
    await request(url).get('/health').expect(200);
  });

  it('tells how the tiers are', async () => {
    await start();
    was.answer = ({ path }, response) =>
      sendJson(response, path === '/v1/status' ? 200 : 404, {
        tiers: [
          { name: 'was', status: 'ok' },
          { name: 'model', status: 'unavailable' },
        ],
      });

    const status = await request(url).get('/api/v1/status').expect(200);
    const health = await request(url)
      .get('/health')
      .ok(() => true);

    expect(status.body).toMatchObject({
      status: 'unavailable',
      tiers: [{ name: 'web' }, { name: 'was' }, { name: 'model' }],
    });
    expect(health.status).toBe(503);
    await request(url).get('/health/live').expect(200);
    await request(url)
      .get('/version')
      .expect(200, /^{"version":"\d+\.\d+\.\d+","build":"local"}$/);
  });
});
