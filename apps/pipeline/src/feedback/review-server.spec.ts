// The page over HTTP, as a browser and as others ask for it, on feedback in a folder.
import { FeedbackRecord, feedbackPhotoKey, feedbackRecordKey } from '@app/contracts/feedback';
import { LocalS3, StateFolder } from '@app/sagemaker-local';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { LocalObjectStore } from '../adapters/local-object-store';
import { FeedbackService } from './feedback.service';
import { ReviewServer } from './review-server';
import { ReviewSession } from './review-session';

const IMAGE = 'a'.repeat(64);
const ID = '01234567-89ab-4def-8123-456789abcdef';
const RECORD: FeedbackRecord = {
  ...{ schemaVersion: 1, id: ID, classifiedAt: '2026-11-20T10:00:00Z', at: '2026-11-20T10:01:00Z' },
  ...{ model: { name: 'flowers', version: '2.0.0' }, decision: 'label', said: 'rose', right: false },
  ...{ label: '<b>tulip', consent: true, image: IMAGE },
};

let service: FeedbackService;
let server: ReviewServer;

beforeEach(async () => {
  const objects = new LocalObjectStore(new LocalS3(new StateFolder(mkdtempSync(join(tmpdir(), 'review-')))));
  service = new FeedbackService(objects, 's3://local/feedback/');
  await objects.write(`${service.prefix}${feedbackRecordKey(RECORD)}`, Buffer.from(JSON.stringify(RECORD)));
  await objects.write(`${service.prefix}${feedbackPhotoKey(IMAGE)}`, Buffer.from('a photo'));
  const { items } = await service.find();
  const session = new ReviewSession(service, items, new Map([['rose', 'Rose']]), 'ann', () => new Date());
  server = await ReviewServer.start(session, 0);
});
afterEach(() => server.stop());

async function get(url: string, headers: Record<string, string> = {}) {
  const { statusCode, headers: fields, body } = await request(url, { headers });
  return { status: statusCode, fields, text: await body.text() };
}

async function decide(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const { statusCode, body } = await request(`${server.url}decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ id: ID, label: '', newLabel: '', ...fields }).toString(),
  });
  return { status: statusCode, text: await body.text() };
}
const reviewNow = async () => (await service.find()).items[0]?.review;

it('shows the photo and what was said of it, as text, and lets nothing else be loaded', async () => {
  const { status, fields, text } = await get(server.url);
  expect([status, text.includes('Rose (rose)'), text.includes('<b>tulip')]).toEqual([200, true, false]);
  expect(fields['content-security-policy']).toMatch(/^default-src 'none'; img-src 'self'; style-src 'sha256-/);
  expect((await get(`${server.url}photos/${IMAGE}.jpg`)).text).toBe('a photo');
  expect((await get(`${server.url}photos/${'b'.repeat(64)}.jpg`)).status).toBe(404);
});

it('keeps a decision, which may be changed', async () => {
  expect((await decide({ decision: 'accepted', label: 'rose', newLabel: ' aster ' })).status).toBe(303);
  expect(await reviewNow()).toMatchObject({ decision: 'accepted', label: 'aster', reviewer: 'ann' });
  expect((await decide({ decision: 'rejected', label: 'rose' })).status).toBe(303);
  expect(await reviewNow()).toMatchObject({ decision: 'rejected', label: null });
});

it('refuses what makes no sense, and keeps nothing of it', async () => {
  expect(await decide({ decision: 'accepted' })).toMatchObject({
    status: 422,
    text: expect.stringContaining('Choose'),
  });
  expect((await decide({ decision: 'accepted', newLabel: '../x' })).status).toBe(422);
  expect((await decide({ decision: 'burn' })).status).toBe(422);
  expect((await decide({ decision: 'later', id: 'x' })).status).toBe(422);
  expect((await decide({ decision: 'accepted', newLabel: 'x'.repeat(20_000) })).status).toBe(413);
  expect(await reviewNow()).toBeUndefined();
});

it('knows nobody without the token, from another origin, or by another host name', async () => {
  expect((await get(new URL('/', server.url).href)).status).toBe(404);
  expect((await get(server.url, { host: 'example.org' })).status).toBe(404);
  expect((await decide({ decision: 'rejected' }, { origin: 'http://example.org' })).status).toBe(404);
  expect(await reviewNow()).toBeUndefined();
});
