// Feedback through all tiers, as processes, into a real folder: from the answer of a photo to the photo on disk, and away again.
import { ProblemDocument } from '@app/contracts';
import { ClassificationResponse } from '@app/contracts/classification';
import { FeedbackRecord, feedbackPhotoKey, feedbackRecordKey } from '@app/contracts/feedback';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createClient from 'openapi-fetch';
import sharp from 'sharp';
import type { paths } from '../support/api-types';
import { phonePhoto, photo } from '../support/images';
import { leaksIn } from '../support/leaks';
import { form, raw, Reply, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms } from '../support/system-log';

const folder = mkdtempSync(join(tmpdir(), 'feedback-'));
let system: RunningSystem;

beforeAll(async () => {
  const web = { LOG_LEVEL: 'info' };
  const was = { ...web, WAS_FEEDBACK_DIR: folder, WAS_FEEDBACK_KEY: randomBytes(32).toString('base64') };
  system = await startSystem({ environment: { web, was } });
});

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

async function classify(image: Buffer): Promise<{ id: string; token: string }> {
  const { status, text } = await send(`${system.url}/api/v1/classifications`, raw(image));
  expect(status).toBe(200);
  const { id, feedback } = JSON.parse(text) as ClassificationResponse;
  return { id, token: feedback?.token ?? '' };
}

function give(id: string, token: string, image: Buffer): Promise<Reply> {
  const fields = Object.entries({ token, right: 'false', label: 'n07873807', consent: 'true' });
  return send(
    `${system.url}/api/v1/classifications/${id}/feedback`,
    form(...fields.map(([field, content]) => ({ field, content })), {
      field: 'image',
      filename: 'photo.jpg',
      mediaType: 'image/jpeg',
      content: image,
    }),
  );
}

const take = (id: string, token: string) =>
  send(`${system.url}/api/v1/classifications/${id}/feedback`, {
    method: 'DELETE',
    headers: { 'x-feedback-token': token },
  });

const codeOf = ({ status, text }: Reply) => `${status} ${(JSON.parse(text) as ProblemDocument).code}`;
const filesOf = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const fileOf = (name: string) => {
  const entry = filesOf().find((each) => each.name === name);
  return readFileSync(join(entry?.parentPath ?? '', name));
};

describe('feedback', () => {
  it('lands with the photo, which tells nothing but what is on it, once; and is gone when it is taken back', async () => {
    const image = await phonePhoto();
    expect((await sharp(image).metadata()).exif).toBeDefined();
    const { id, token } = await classify(image);

    const given = await give(id, token, image);

    expect([given.status, JSON.parse(given.text)]).toEqual([201, { id, stored: true, photo: true }]);
    const record = JSON.parse(fileOf(`${id}.json`).toString()) as FeedbackRecord;
    expect(record).toMatchObject({ id, right: false, label: 'n07873807', consent: true });
    expect(existsSync(join(folder, feedbackRecordKey(record)))).toBe(true);
    const kept = readFileSync(join(folder, feedbackPhotoKey(record.image ?? '')));
    const { width, height, exif, icc } = await sharp(kept).metadata();
    expect({ width, height, exif, icc }).toEqual({ width: 1200, height: 1600 });

    const again = await give(id, token, image);
    expect(codeOf(again)).toBe('409 feedback-exists');
    expect(leaksIn(again.text, system)).toEqual([]);
    expect((await take(id, token)).status).toBe(204);
    expect(codeOf(await take(id, token))).toBe('404 feedback-not-found');
    expect(filesOf()).toEqual([]);
  });

  it('is taken once of many that come at once', async () => {
    const image = await photo();
    const { id, token } = await classify(image);

    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => give(id, token, image)));

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect((await take(id, token)).status).toBe(204);
    expect(filesOf()).toEqual([]);
  });

  it('to a photo needs that photo', async () => {
    const { id, token } = await classify(await photo({ seed: 1 }));
    expect(codeOf(await give(id, token, await photo({ seed: 2 })))).toBe('422 feedback-photo-differs');
    expect(filesOf()).toEqual([]);
  });

  it('can be given after the business tier was killed and started again', async () => {
    const image = await photo();
    const { id, token } = await classify(image);
    process.kill(system.pid('was'), 'SIGKILL');
    await system.exitOf('was');
    await system.restart('was');

    expect((await give(id, token, image)).status).toBe(201);
    expect((await take(id, token)).status).toBe(204);
  });

  it('can be given by a program that knows only the OpenAPI document', async () => {
    const { id, token } = await classify(await photo());
    const client = createClient<paths>({ baseUrl: system.url });
    const route = '/api/v1/classifications/{id}/feedback';

    const { data } = await client.POST(route, {
      params: { path: { id } },
      body: { token, right: true, consent: false },
    });
    const second = await client.POST(route, { params: { path: { id } }, body: { token, right: true, consent: false } });
    const params = { path: { id }, header: { 'X-Feedback-Token': token } };
    const { response } = await client.DELETE(route, { params });

    expect(data).toEqual({ id, stored: true, photo: false });
    expect(second.error).toMatchObject({ code: 'feedback-exists', status: 409 });
    expect(response.status).toBe(204);
  });

  it('alarms nobody, and its tokens are in no log', () => {
    expect(alarms(system)).toEqual([]);
    expect(system.log.some(({ text }) => /[A-Za-z0-9_-]{150}/.test(text))).toBe(false);
  });
});
