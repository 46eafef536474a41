// Feedback at the gateway over real HTTP, with a business tier that does as the test tells it.
import { ProblemError } from '@app/contracts';
import { ClassificationResponse } from '@app/contracts/classification';
import { listen, loadConfig } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createWebApp } from '../src/create-web-app';
import { WebConfig } from '../src/web.config';
import { classificationOf, ScriptedWas, sendJson } from './support/scripted-was';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const TOKEN = 'a-token_of-ABC123';
const PHOTO = Buffer.from('the bytes of a photo');

describe('feedback', () => {
  let was: ScriptedWas;
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    was = await ScriptedWas.start();
    const env = {
      LOG_LEVEL: 'silent',
      WEB_WAS_URL: was.url,
      WEB_RATE_LIMIT_PER_MINUTE: '0',
      WEB_UPLOAD_MEMORY_MB: '15',
    };
    app = await createWebApp(loadConfig(WebConfig, env));
    url = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
  });

  afterAll(async () => {
    await app.close();
    await was.stop();
  });

  beforeEach(() => {
    was.received.length = 0;
    was.answer = ({ body }, response) => sendJson(response, 201, { id: ID, stored: true, photo: body.length > 0 });
  });

  const give = () => request(url).post(`/api/v1/classifications/${ID}/feedback`);
  const form = (fields: Record<string, string>) =>
    Object.entries({ token: TOKEN, ...fields }).reduce((test, [name, value]) => test.field(name, value), give());

  it('is offered in the answer as the business tier offers it, in a batch too', async () => {
    const feedback = { token: TOKEN, expires: '2026-11-27T12:00:00.000Z' };
    was.answer = (received, response) => sendJson(response, 200, { ...classificationOf(received), feedback });

    const one = await request(url).post('/api/v1/classifications').attach('image', PHOTO, 'photo.jpg').expect(200);
    const batch = await request(url).post('/api/v1/classifications/batch').attach('images', PHOTO, 'p.jpg').expect(200);

    expect((one.body as ClassificationResponse).feedback).toEqual(feedback);
    expect(batch.body).toMatchObject({ results: [{ classification: { feedback } }] });
  });

  it('goes on as JSON without a photo', async () => {
    const response = await give().send({ token: TOKEN, right: false, label: 'sea slug', consent: true }).expect(201);

    expect(response.body).toEqual({ id: ID, stored: true, photo: false });
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store' });
    const [received] = was.received;
    expect(received?.path).toBe(`/v1/feedback/${ID}?right=false&consent=true&label=sea+slug`);
    expect(received?.headers).toMatchObject({ 'x-feedback-token': TOKEN });
    expect(received?.body).toHaveLength(0);
  });

  it('goes on as a form with its photo, wherever in the form that stands', async () => {
    const fields = { right: 'true', consent: 'true', label: '' };
    const last = await form(fields).attach('image', PHOTO, 'photo.jpg').expect(201);
    await give()
      .attach('image', PHOTO, 'photo.jpg')
      .field('token', TOKEN)
      .field('right', 'true')
      .field('consent', 'true')
      .expect(201);

    expect(last.body).toMatchObject({ photo: true });
    expect(was.received.map(({ path, body }) => [path, body.equals(PHOTO)])).toEqual([
      [`/v1/feedback/${ID}?right=true&consent=true`, true],
      [`/v1/feedback/${ID}?right=true&consent=true`, true],
    ]);
  });

  it.each([
    ['no consent', {}],
    ['consent denied', { consent: 'false' }],
  ])('leaves the photo behind with %s', async (_, consent) => {
    const response = await form({ right: 'true', ...consent })
      .attach('image', PHOTO, 'photo.jpg')
      .expect(201);
    expect(response.body).toMatchObject({ photo: false });
    expect(was.received[0]?.body).toHaveLength(0);
  });

  it('takes consent without a photo for what it is', async () => {
    const response = await form({ right: 'true', consent: 'true' }).attach('image', Buffer.alloc(0), '').expect(201);
    expect(response.body).toMatchObject({ photo: false });
  });

  it.each([
    ['no JSON', () => give().type('json').send('{'), 400, 'malformed-request'],
    ['a JSON array', () => give().send([]), 400, 'malformed-request'],
    ['JSON null', () => give().type('json').send('null'), 400, 'malformed-request'],
    ['JSON without end', () => give().send({ token: 'x'.repeat(20_000) }), 400, 'malformed-request'],
    ['an empty object', () => give().send({}), 400, 'invalid-parameter'],
    ['no token', () => give().send({ right: true }), 400, 'invalid-parameter'],
    ['nothing said', () => give().send({ token: TOKEN }), 400, 'invalid-parameter'],
    ['a text that says it', () => give().send({ token: TOKEN, right: 'perhaps' }), 400, 'invalid-parameter'],
    ['a label that is a number', () => give().send({ token: TOKEN, right: false, label: 1 }), 400, 'invalid-parameter'],
    ['a huge token', () => give().send({ token: 'x'.repeat(1001), right: true }), 403, 'feedback-token-invalid'],
    ['a token that no header holds', () => give().send({ token: 'a\nb', right: true }), 403, 'feedback-token-invalid'],
    ['a wrong content type', () => give().type('text/plain').send('right'), 415, 'unsupported-media-type'],
    ['two photos', () => form({}).attach('image', PHOTO, 'a').attach('image', PHOTO, 'b'), 400, 'too-many-images'],
    ['an empty photo', () => form({}).attach('image', Buffer.alloc(0), 'empty.jpg'), 400, 'image-empty'],
    ['too large a photo', () => form({}).attach('image', Buffer.alloc(15_000_001), 'a'), 413, 'image-too-large'],
    ['JSON for nobody', () => give().set('accept', 'text/csv').send({}), 406, 'not-acceptable'],
    [
      'a method that is not there',
      () => request(url).get(`/api/v1/classifications/${ID}/feedback`),
      405,
      'method-not-allowed',
    ],
  ])('is refused here: %s', async (_, send, status, code) => {
    const response = await send().ok(() => true);
    expect({ status: response.status, code: (response.body as { code?: string }).code }).toEqual({ status, code });
    expect(was.received).toHaveLength(0);
  });

  it('costs memory only while it is being handled', async () => {
    const photo = Buffer.alloc(14_000_000);
    const statuses: number[] = [];
    for (const right of ['true', 'perhaps', 'false', 'perhaps', 'true']) {
      const { status } = await form({ right })
        .attach('image', photo, 'a.jpg')
        .ok(() => true);
      statuses.push(status);
    }
    expect(statuses).toEqual([201, 400, 201, 400, 201]);
  });

  it.each([
    new ProblemError('feedback-token-invalid', {}),
    new ProblemError('feedback-off', {}),
    new ProblemError('feedback-exists', {}),
    new ProblemError('feedback-expired', {}),
    new ProblemError('feedback-photo-differs', {}),
    new ProblemError('feedback-unavailable', { retryAfterSeconds: 30 }),
  ])('is refused by the business tier, and says so: $code', async (problem) => {
    was.answer = (_, response) => sendJson(response, problem.status, problem.toDocument());
    const response = await give()
      .send({ token: TOKEN, right: true })
      .ok(() => true);
    expect(response.status).toBe(problem.status);
    expect(response.body).toMatchObject({ code: problem.code, detail: problem.message });
    expect(response.headers['retry-after']).toBe(problem.retryAfterSeconds?.toString());
  });

  it('is not sent again when its connection breaks: it may have been stored', async () => {
    was.answer = (_received, _response, incoming) => incoming.socket.destroy();
    const response = await give()
      .send({ token: TOKEN, right: true })
      .ok(() => true);
    expect(response.status).toBe(503);
    expect(was.received).toHaveLength(1);
  });

  it('is taken back by its token', async () => {
    was.answer = (_, response) => response.writeHead(204).end();
    const path = `/api/v1/classifications/${ID}/feedback`;

    await request(url).delete(path).set('x-feedback-token', TOKEN).expect(204, '');

    expect(was.received[0]).toMatchObject({ path: `/v1/feedback/${ID}`, headers: { 'x-feedback-token': TOKEN } });
    const refused = await request(url)
      .delete(path)
      .ok(() => true);
    expect(refused.body).toMatchObject({ status: 403, code: 'feedback-token-invalid' });
  });
});
