// Feedback at the business tier over real HTTP, kept in a real folder.
import { ProblemDocument } from '@app/contracts';
import { Classification } from '@app/contracts/classification';
import { FeedbackRecord } from '@app/contracts/feedback';
import { FeedbackEvent } from '@app/contracts/monitoring';
import { listen, loadConfig } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { phonePhoto, photo, truncated } from '../../../test/support/images';
import { createWasApp } from '../src/create-was-app';
import { FeedbackListener } from '../src/feedback/feedback-listener.port';
import { FeedbackTokens } from '../src/feedback/feedback-token';
import { WasConfig } from '../src/was.config';
import { reply, ScriptedEndpoint } from './support/scripted-endpoint';

const MODEL = { name: 'shapes', version: '1.0.0' };
const ANSWER = {
  model: MODEL,
  predictions: [{ label: 'circle', name: { en: 'circle' }, score: 0.9 }],
  thresholds: { uncertain: 0.5 },
};
const DESCRIPTION = {
  ...MODEL,
  labels: [
    { id: 'circle', name: { en: 'circle' } },
    { id: 'square', name: { en: 'square' } },
  ],
  input: { size: 64, resize: 'stretch' },
  thresholds: { uncertain: 0.5 },
};
const key = randomBytes(32);

describe('feedback', () => {
  let app: NestExpressApplication;
  let endpoint: ScriptedEndpoint;
  let url: string;
  let folder: string;
  let image: Buffer;
  let told: FeedbackEvent[];
  let description: object;

  beforeAll(async () => {
    image = await photo({ width: 200, height: 100 });
    endpoint = await ScriptedEndpoint.start((request, response, body) => {
      const isImage = request.headers['content-type'] !== 'application/json';
      reply(200, isImage ? ANSWER : description)(request, response, body);
    });
    process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] = endpoint.url;
    process.env['AWS_REGION'] = 'us-east-1';
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  });

  afterAll(() => endpoint.stop());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'feedback-'));
    description = DESCRIPTION;
    told = [];
  });

  afterEach(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  async function start(env: Record<string, string> = {}): Promise<void> {
    const settings = {
      LOG_LEVEL: 'silent',
      WAS_FEEDBACK_DIR: folder,
      WAS_FEEDBACK_KEY: key.toString('base64'),
      ...env,
    };
    app = await createWasApp(loadConfig(WasConfig, settings));
    jest.spyOn(app.get(FeedbackListener), 'stored').mockImplementation((event: FeedbackEvent) => void told.push(event));
    url = `http://127.0.0.1:${await listen(app, 0, '127.0.0.1')}`;
  }

  async function classify(upload = image): Promise<Classification & { token: string }> {
    const body = new Uint8Array(upload);
    const classification = (await (
      await fetch(`${url}/v1/classifications`, { method: 'POST', body })
    ).json()) as Classification;
    return { ...classification, token: classification.feedback?.token ?? '' };
  }

  interface Reply {
    readonly status: number;
    readonly retryAfter: string | null;
    readonly json: Partial<ProblemDocument>;
  }

  async function give(id: string, token: string, query: string, upload?: Buffer): Promise<Reply> {
    const response = await fetch(`${url}/v1/feedback/${id}?${query}`, {
      method: 'POST',
      headers: { 'x-feedback-token': token },
      body: upload === undefined ? null : new Uint8Array(upload),
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), json: (await response.json()) as object };
  }

  async function withdraw(id: string, token: string): Promise<{ status: number; code: string | undefined }> {
    const response = await fetch(`${url}/v1/feedback/${id}`, {
      method: 'DELETE',
      headers: { 'x-feedback-token': token },
    });
    const text = await response.text();
    return { status: response.status, code: text === '' ? undefined : (JSON.parse(text) as ProblemDocument).code };
  }

  const filesOf = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const recordOf = ({ id }: { id: string }): FeedbackRecord => {
    const entry = filesOf().find(({ name }) => name === `${id}.json`);
    return JSON.parse(readFileSync(join(entry?.parentPath ?? '', entry?.name ?? ''), 'utf8')) as FeedbackRecord;
  };
  const photoFileOf = (upload: Buffer) =>
    join(folder, 'images', `${createHash('sha256').update(upload).digest('hex')}.jpg`);

  it('is offered with the answer, for a week', async () => {
    await start();
    const { feedback } = await classify();
    const days = (Date.parse(feedback?.expires ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.99);
    expect(days).toBeLessThanOrEqual(7);
  });

  it('is on disk before it is confirmed, and told on', async () => {
    await start();
    const { id, token, image: sent } = await classify();

    const { status, json } = await give(id, token, 'right=false&label=square');

    expect({ status, json }).toEqual({ status: 201, json: { id, stored: true, photo: false } });
    const record = recordOf({ id });
    expect(record).toEqual({
      schemaVersion: 1,
      id,
      classifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/) as string,
      at: expect.any(String) as string,
      model: MODEL,
      decision: 'label',
      said: 'circle',
      right: false,
      label: 'square',
      consent: false,
      image: null,
    });
    expect(existsSync(join(folder, record.classifiedAt.slice(0, 10), `${id}.json`))).toBe(true);
    expect(told).toEqual([
      { id, at: Date.parse(record.at), model: MODEL, right: false, predicted: 'circle', label: 'square' },
    ]);
    expect(JSON.stringify(record)).not.toContain(sent.sha256);
  });

  it('is known to be what the model said when that was right', async () => {
    await start();
    const { id, token } = await classify();
    await give(id, token, 'right=true');
    expect(told).toMatchObject([{ right: true, predicted: 'circle', label: 'circle' }]);
  });

  it('keeps a photo upright, small and without where and with what it was taken', async () => {
    await start();
    const upload = await phonePhoto();
    const { id, token, image: sent } = await classify(upload);

    expect(await give(id, token, 'right=true&consent=true', upload)).toMatchObject({
      status: 201,
      json: { photo: true },
    });

    const kept = readFileSync(photoFileOf(upload));
    const { format, width, height, exif, icc, xmp } = await sharp(kept).metadata();
    expect({ format, width, height, exif, icc, xmp }).toEqual({ format: 'jpeg', width: 1200, height: 1600 });
    expect(kept.includes('GPS') || kept.includes('Phone')).toBe(false);
    expect(recordOf({ id })).toMatchObject({ consent: true, image: sent.sha256 });
  });

  it('keeps a photo that was classified twice once, until both are taken back', async () => {
    await start();
    const [first, second] = [await classify(), await classify()];
    for (const { id, token } of [first, second]) await give(id, token, 'right=true&consent=true', image);
    expect(filesOf().filter(({ name }) => name.endsWith('.jpg'))).toHaveLength(1);

    expect(await withdraw(first.id, first.token)).toEqual({ status: 204, code: undefined });
    expect(existsSync(photoFileOf(image))).toBe(true);
    expect((await withdraw(second.id, second.token)).status).toBe(204);
    expect(filesOf()).toEqual([]);
    expect(await withdraw(second.id, second.token)).toEqual({ status: 404, code: 'feedback-not-found' });
  });

  it('does not keep a photo that comes without consent', async () => {
    await start();
    const { id, token } = await classify();
    expect(await give(id, token, 'right=true', image)).toMatchObject({ status: 201, json: { photo: false } });
    expect(filesOf()).toHaveLength(1);
  });

  it('is taken once, also when it comes several times at once', async () => {
    await start();
    const { id, token } = await classify();

    const replies = await Promise.all([1, 2, 3, 4].map(() => give(id, token, 'right=true&consent=true', image)));

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(replies.filter(({ json }) => json.code === 'feedback-exists')).toHaveLength(3);
    expect(filesOf().map(({ name }) => name.replace(/^.*\./, ''))).toHaveLength(3); // record, photo, one reference
    expect(told).toHaveLength(1);
  });

  it('is taken again after it was taken back', async () => {
    await start();
    const { id, token } = await classify();
    await give(id, token, 'right=true');
    await withdraw(id, token);
    expect((await give(id, token, 'right=false')).status).toBe(201);
  });

  it.each<[string, string, Buffer | undefined, number, string]>([
    ['another photo', 'right=true&consent=true', Buffer.from('another'), 422, 'feedback-photo-differs'],
    ['a label that the model lacks', 'right=false&label=dog', undefined, 400, 'invalid-parameter'],
    ['a label for what was right', 'right=true&label=square', undefined, 400, 'invalid-parameter'],
    ['a label without end', `right=false&label=${'x'.repeat(129)}`, undefined, 400, 'invalid-parameter'],
    ['neither right nor wrong', '', undefined, 400, 'invalid-parameter'],
    ['maybe', 'right=maybe', undefined, 400, 'invalid-parameter'],
    ['too much', 'right=true&consent=true', Buffer.alloc(15_000_001), 413, 'image-too-large'],
  ])('refuses %s and keeps nothing', async (_, query, upload, status, code) => {
    await start();
    const { id, token } = await classify();
    expect(await give(id, token, query, upload)).toMatchObject({ status, json: { code } });
    expect(filesOf()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('refuses a photo that cannot be decoded to its end, though it was answered', async () => {
    await start();
    const broken = truncated(image);
    const id = randomUUID();
    const imageSha256 = createHash('sha256').update(broken).digest('hex');
    const answer = { id, model: MODEL, decision: 'label' as const, label: 'circle', imageSha256 };
    const { token } = new FeedbackTokens([key], 60_000).issue(answer) ?? { token: '' };

    expect(await give(id, token, 'right=true&consent=true', broken)).toMatchObject({
      status: 422,
      json: { code: 'image-undecodable' },
    });
    expect(filesOf()).toEqual([]);
  });

  it('takes any label for a model that is no longer the deployed one, and `other` for every model', async () => {
    await start();
    const [first, second] = [await classify(), await classify()];
    expect((await give(first.id, first.token, 'right=false&label=other')).status).toBe(201);

    await app.close();
    description = { ...DESCRIPTION, version: '2.0.0' };
    await start();
    expect((await give(second.id, second.token, 'right=false&label=hexagon')).status).toBe(201);
  });

  it('is refused without a token, with that of another answer, and with one that was changed', async () => {
    await start();
    const [one, other] = [await classify(), await classify()];
    for (const token of ['', other.token, `${one.token.slice(0, -2)}AA`, 'x'.repeat(5000)]) {
      expect(await give(one.id, token, 'right=true')).toMatchObject({
        status: 403,
        json: { code: 'feedback-token-invalid' },
      });
      expect(await withdraw(one.id, token)).toEqual({ status: 403, code: 'feedback-token-invalid' });
    }
    expect(filesOf()).toEqual([]);
  });

  it('is refused when its time is over, and can be taken back even then', async () => {
    await start();
    const id = randomUUID();
    const answer = { id, model: MODEL, decision: 'label' as const, label: 'circle', imageSha256: 'ab'.repeat(32) };
    const expired = new FeedbackTokens([key], 1000).issue(answer, Date.now() - 10_000)?.token ?? '';

    expect(await give(id, expired, 'right=true')).toMatchObject({ status: 410, json: { code: 'feedback-expired' } });

    const current = new FeedbackTokens([key], 60_000).issue(answer, Date.now() - 10_000)?.token ?? '';
    expect((await give(id, current, 'right=true')).status).toBe(201);
    expect((await withdraw(id, expired)).status).toBe(204);
  });

  it('goes on with the next key while the one before is named after it', async () => {
    await start();
    const { id, token } = await classify();
    await app.close();
    await start({ WAS_FEEDBACK_KEY: [randomBytes(32), key].map((each) => each.toString('base64')).join(',') });
    expect((await give(id, token, 'right=true')).status).toBe(201);
  });

  it('without a key goes with the process', async () => {
    await start({ WAS_FEEDBACK_KEY: '' });
    const { id, token } = await classify();
    await app.close();
    await start({ WAS_FEEDBACK_KEY: '' });
    expect((await give(id, token, 'right=true')).status).toBe(403);
  });

  it('is neither offered nor taken without a place for it', async () => {
    await start();
    const { token, id } = await classify();
    await app.close();
    await start({ WAS_FEEDBACK_DIR: '' });

    expect(await classify()).not.toHaveProperty('feedback');
    expect(await give(id, token, 'right=true')).toMatchObject({ status: 404, json: { code: 'feedback-off' } });
    expect(await withdraw(id, token)).toEqual({ status: 404, code: 'feedback-off' });
  });

  it('is asked for again later when it cannot be written, and nothing half is left', async () => {
    await start();
    const { id, token } = await classify();
    writeFileSync(join(folder, 'images'), 'in the way');

    const refused = await give(id, token, 'right=true&consent=true', image);

    expect(refused).toMatchObject({ status: 503, retryAfter: '30', json: { code: 'feedback-unavailable' } });
    expect(JSON.stringify(refused.json)).not.toContain(folder);
    rmSync(join(folder, 'images'));
    expect(filesOf()).toEqual([]);
    expect((await give(id, token, 'right=true&consent=true', image)).status).toBe(201);
  });

  it('is asked for again later when the bucket does not answer', async () => {
    process.env['AWS_ENDPOINT_URL_S3'] = 'http://127.0.0.1:9';
    await start({ WAS_FEEDBACK_DIR: '', WAS_FEEDBACK_BUCKET: 'feedback-bucket' });
    const { id, token } = await classify();

    expect(await give(id, token, 'right=true')).toMatchObject({ status: 503, retryAfter: '30' });
    expect(await withdraw(id, token)).toEqual({ status: 503, code: 'feedback-unavailable' });
  });
});

describe('the configuration of feedback', () => {
  it.each([
    [
      { WAS_FEEDBACK_DIR: 'here', WAS_FEEDBACK_BUCKET: 'there' },
      'WAS_FEEDBACK_BUCKET and WAS_FEEDBACK_DIR must not both',
    ],
    [{ WAS_FEEDBACK_KEY: randomBytes(31).toString('base64') }, 'WAS_FEEDBACK_KEY must be base64 of at least 32 bytes'],
    [{ WAS_FEEDBACK_KEY: `${key.toString('base64')},` }, 'WAS_FEEDBACK_KEY must be'],
    [{ WAS_FEEDBACK_DAYS: '0' }, 'WAS_FEEDBACK_DAYS must not be less than 1'],
    [{ WAS_FEEDBACK_PREFIX: '/x' }, 'WAS_FEEDBACK_PREFIX must be empty or end with a slash'],
  ])('refuses %j', (env, message) => {
    expect(() => loadConfig(WasConfig, env)).toThrow(message);
  });
});
