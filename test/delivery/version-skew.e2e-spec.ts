// Tiers of this version together with one of the version before, in every combination that a rollout and its way back bring about.
import { BatchResponse, Classification, ClassificationResponse, StatusResponse } from '@app/contracts/classification';
import { StatusReportResponse } from '@app/contracts/monitoring';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/conditions';
import { photo, truncated } from '../support/images';
import { buildVersion, findPreviousVersion } from '../support/previous-version';
import { form, Message, raw, send } from '../support/requests';
import { RunningSystem, startSystem, SystemOptions, Tier } from '../support/system';
import { alarms } from '../support/system-log';

const ROUTE = '/api/v1/classifications';
const previous = findPreviousVersion();
if (typeof previous === 'string') process.stdout.write(`skipped: one version apart; ${previous}\n`);
const describeWithHistory = typeof previous === 'string' ? describe.skip : describe;

describeWithHistory('one version apart', () => {
  let older: string;
  let image: Buffer;
  let folder: string;
  const systems: RunningSystem[] = [];

  beforeAll(async () => {
    older = mkdtempSync(join(tmpdir(), 'previous-'));
    if (typeof previous !== 'string') await buildVersion(previous, older);
    image = await photo({ width: 400, height: 300 });
  }, 60_000);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'skew-'))));
  afterEach(async () => {
    for (const system of systems.splice(0).reverse()) await system.stop();
    rmSync(folder, { recursive: true });
  }, 60_000);
  afterAll(() => rmSync(older, { recursive: true }));

  const key = randomBytes(32).toString('base64');

  async function start(olderTiers: readonly Tier[], options: SystemOptions = {}): Promise<RunningSystem> {
    const system = await startSystem({
      versions: Object.fromEntries(olderTiers.map((tier) => [tier, older])),
      environment: { was: { WAS_FEEDBACK_DIR: folder, WAS_FEEDBACK_KEY: key } },
      ...options,
    });
    systems.push(system);
    return system;
  }

  async function ask<T>(url: string, message: Message): Promise<[status: number, content: T]> {
    const { status, text } = await send(url, message);
    return [status, (text === '' ? {} : JSON.parse(text)) as T];
  }

  async function problemOf(url: string, message: Message): Promise<string> {
    const [status, { code }] = await ask<{ code?: string }>(url, message);
    return `${status} ${code ?? ''}`;
  }

  it.each<[string, Tier[]]>([
    ['was', ['was']],
    ['web', ['web']],
    ['monitor', ['monitor']],
    ['was and web', ['was', 'web']],
  ])(
    'photos, feedback, status and refusals are as always with the earlier %s',
    async (_, olderTiers) => {
      const system = await start(olderTiers);
      const url = `${system.url}${ROUTE}`;
      const file = (field: string) => ({ field, content: image, filename: 'photo.jpg', mediaType: 'image/jpeg' });

      const [status, answer] = await ask<ClassificationResponse>(`${url}?heatmap=true`, form(file('image')));
      expect(status).toBe(200);
      expect(answer.predictions).toHaveLength(5);
      expect(answer.heatmap?.values.length).toBeGreaterThan(0);
      const [, { results }] = await ask<BatchResponse>(`${url}/batch`, form(file('images'), file('images')));
      expect(results.map(({ classification }) => classification?.label)).toEqual([answer.label, answer.label]);

      const said = { token: answer.feedback?.token ?? '', right: 'true', consent: 'true' };
      const fields = Object.entries(said).map(([field, content]) => ({ field, content }));
      const feedback = `${url}/${answer.id}/feedback`;
      expect(await ask(feedback, form(...fields, file('image')))).toMatchObject([201, { stored: true, photo: true }]);
      expect(await problemOf(feedback, form(...fields))).toBe('409 feedback-exists');
      await until(async () => (await figuresOf(system))?.feedback.count === 1);
      const withdrawal = { method: 'DELETE', headers: { 'x-feedback-token': said.token } } as const;
      expect((await send(feedback, withdrawal)).status).toBe(204);

      await until(async () => (await figuresOf(system))?.images === 3);
      const [, { status: state, tiers }] = await ask<StatusResponse>(`${system.url}/api/v1/status`, { method: 'GET' });
      expect([state, ...tiers.map(({ name }) => name)]).toEqual(['ok', 'web', 'was', 'model', 'monitor']);
      for (const page of ['/', '/status', '/model']) {
        const html = await send(`${system.url}${page}`, { method: 'GET', headers: { accept: 'text/html' } });
        expect([page, html.status]).toEqual([page, 200]);
      }

      expect(await problemOf(url, raw(Buffer.from('This is no photo.\n')))).toBe('415 unsupported-image-format');
      expect(await problemOf(url, raw(truncated(image)))).toBe('422 image-undecodable');
      expect(await problemOf(feedback, form(...fields, { ...file('image'), content: await photo({ seed: 9 }) }))).toBe(
        '422 feedback-photo-differs',
      );
      expect(alarms(system)).toEqual([]);
      await endOf(system, 'endpoint');
      expect(await problemOf(url, raw(image))).toBe('503 model-unavailable');
      await endOf(system, 'was');
      expect(await problemOf(url, raw(image))).toBe('503 service-unavailable');
    },
    60_000,
  );

  it('feedback is taken by a was of either version, whichever has answered', async () => {
    const ours = await start([], { tiers: ['endpoint', 'was'] });
    const endpoint = () => Promise.resolve(ours.urls.endpoint);
    const theirs = await start(['was'], { tiers: ['was'], via: { endpoint } });

    for (const [answering, taking] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const [, { id, feedback }] = await ask<Classification>(`${answering.urls.was}/v1/classifications`, raw(image));
      const headers = { 'x-feedback-token': feedback?.token ?? '' };
      const given = await ask(`${taking.urls.was}/v1/feedback/${id}?right=true&consent=false`, { headers });
      expect(given).toEqual([201, { id, stored: true, photo: false }]);
    }
  }, 60_000);

  async function figuresOf(system: RunningSystem) {
    const report = await ask<StatusReportResponse>(`${system.url}/api/v1/status?window=5m`, { method: 'GET' });
    return report[1].monitoring.figures;
  }

  async function endOf(system: RunningSystem, tier: Tier): Promise<void> {
    process.kill(system.pid(tier), 'SIGTERM');
    await system.exitOf(tier);
  }
});
