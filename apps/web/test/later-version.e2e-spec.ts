// The gateway in front of a business tier of a later version, which says what this one has no words for: as it is while a rollout runs.
import { TierStatus } from '@app/contracts/classification';
import { DriftCheck } from '@app/contracts/monitoring';
import { check, MONITOR_SUMMARY, QUIET } from './support/monitor-answers';
import { CLASSIFICATION, PagesApp, startPagesApp } from './support/pages-app';
import { sendJson } from './support/scripted-was';

const BROWSER = { accept: 'text/html' };

let app: PagesApp;
beforeEach(async () => (app = await startPagesApp()));
afterEach(() => app.close());

function photo(): FormData {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(10)]), 'photo.jpg');
  return form;
}

const classify = () => fetch(`${app.url}/api/v1/classifications`, { method: 'POST', body: photo() });
const classifyOnThePage = () => fetch(`${app.url}/classify`, { method: 'POST', body: photo(), headers: BROWSER });

it('calls a decision that it does not know uncertain, and passes the rest on', async () => {
  app.was.classification = { ...CLASSIFICATION, decision: 'several' as 'label' };

  expect(await (await classify()).json()).toMatchObject({ decision: 'uncertain', label: 'n01443537', score: 0.87 });
  const page = await classifyOnThePage();
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('goldfish')]);
});

it('passes a problem on that it does not know, with its status and words', async () => {
  const problem = {
    type: '/problems/image-animated',
    title: 'The image moves',
    status: 422,
    detail: 'Send a single picture.',
    code: 'image-animated',
    frames: 12,
  };
  app.was.answer = (_received, response) => {
    sendJson(response, 422, problem);
    return Promise.resolve();
  };

  const reply = await classify();
  expect(reply.status).toBe(422);
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  expect(await reply.json()).toEqual({ ...problem, requestId: reply.headers.get('x-request-id') });
  const page = await classifyOnThePage();
  expect([page.status, await page.text()]).toEqual([422, expect.stringContaining('Send a single picture.')]);
});

it('leaves out parts that it does not know, and takes an unknown state for a bad one', async () => {
  app.was.tiers = [
    { name: 'was', status: 'ok' },
    { name: 'model', status: 'degraded' as TierStatus['status'] },
    { name: 'cache' as TierStatus['name'], status: 'ok' },
  ];

  const status = (await (await fetch(`${app.url}/api/v1/status`)).json()) as { status: string; tiers: TierStatus[] };
  expect(status.status).toBe('unavailable');
  expect(status.tiers.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'web ok',
    'was ok',
    'model unavailable',
  ]);
  expect((await fetch(`${app.url}/status`, { headers: BROWSER })).status).toBe(200);
});

it('shows what it knows of a monitor that compares more', async () => {
  const state = 'alert' as DriftCheck['state'];
  const checks = [check({ name: 'scores', state }), check({ name: 'colours' as DriftCheck['name'], state })];
  app.was.monitor = { summary: MONITOR_SUMMARY, drift: { ...QUIET, state, checks } };

  const { monitoring } = (await (await fetch(`${app.url}/api/v1/status`)).json()) as { monitoring: object };
  expect(monitoring).toMatchObject({
    figures: { drift: { state: 'watch', checks: [{ name: 'scores', state: 'watch' }] } },
  });
  expect((await fetch(`${app.url}/status`, { headers: BROWSER })).status).toBe(200);
});
