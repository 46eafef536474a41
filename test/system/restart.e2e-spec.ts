// `npm start` itself, twice over one state folder: what outlives a restart of everything.
import { ClassificationResponse, StatusResponse } from '@app/contracts/classification';
import { StatusReportResponse } from '@app/contracts/monitoring';
import { distFile, findFreePort, ManagedProcess } from '@app/sagemaker-local';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/conditions';
import { photo } from '../support/images';
import { form, raw, send } from '../support/requests';

const STOP_GRACE_MS = 25_000;

const state = mkdtempSync(join(tmpdir(), 'restart-'));
let url: string;
let starter: ManagedProcess;
let text = '';

async function start(): Promise<void> {
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  text = '';
  starter = new ManagedProcess({
    command: [distFile('tools/start-local/main.js'), '--port', String(port), '--state', state],
    environment: { PATH: process.env['PATH'], LOG_LEVEL: 'warn' },
    onLine: (line) => (text += `${line}\n`),
  });
  await until(() => text.includes('Ready after') || !starter.isRunning);
  expect(text).toContain('Ready after');
}

async function stop(): Promise<void> {
  expect(await starter.stop(STOP_GRACE_MS)).toMatchObject({ code: 0 });
}

afterEach(async () => {
  await starter.stop(STOP_GRACE_MS);
  rmSync(state, { recursive: true });
});

async function classify(): Promise<ClassificationResponse> {
  const reply = await send(`${url}/api/v1/classifications`, raw(await photo()));
  expect(reply.status).toBe(200);
  return JSON.parse(reply.text) as ClassificationResponse;
}

async function figures() {
  const reply = await send(`${url}/api/v1/status?window=5m`, { method: 'GET' });
  return (JSON.parse(reply.text) as StatusReportResponse).monitoring.figures;
}

it('keeps what monitor has seen, and takes feedback to an answer that was given before', async () => {
  await start();
  const { id, feedback } = await classify();
  await until(async () => (await figures())?.images === 1);
  await stop();
  expect(readdirSync(state)).toEqual(expect.arrayContaining(['feedback-key', 'monitor']));

  await start();
  await until(async () => (await figures())?.images === 1);
  const fields = Object.entries({ token: feedback?.token ?? '', right: 'true', consent: 'false' });
  const given = await send(
    `${url}/api/v1/classifications/${id}/feedback`,
    form(...fields.map(([field, content]) => ({ field, content }))),
  );
  expect(given.status).toBe(201);

  await classify();
  await until(async () => (await figures())?.images === 2);
  expect((await figures())?.feedback).toEqual({ count: 1, right: 1 });
  const { tiers } = JSON.parse((await send(`${url}/api/v1/status`, { method: 'GET' })).text) as StatusResponse;
  expect(tiers.map(({ name, status }) => `${name} ${status}`)).toContain('monitor ok');
  await stop();
});
