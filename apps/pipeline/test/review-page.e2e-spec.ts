// The review page in a real browser: by keyboard, without JavaScript, on a phone, after a mistake, when feedback is taken back.
import { FeedbackRecord, feedbackPhotoKey, feedbackRecordKey } from '@app/contracts/feedback';
import { LocalS3, StateFolder } from '@app/sagemaker-local';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { photo } from '../../../test/support/images';
import { LocalObjectStore } from '../src/adapters/local-object-store';
import { FeedbackService } from '../src/feedback/feedback.service';
import { ReviewServer } from '../src/feedback/review-server';
import { ReviewSession } from '../src/feedback/review-session';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 320, height: 640 };
const UNBREAKABLE = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const NAMES = new Map([
  ['rose', 'Rose'],
  ['tulip', 'Tulip'],
  ['long', UNBREAKABLE],
]);
const imageOf = (number: number) => String(number).padStart(64, '0');
const idOf = (number: number) => `01234567-89ab-4def-8123-${String(number).padStart(12, '0')}`;

function recordOf(number: number): FeedbackRecord {
  return {
    ...{ schemaVersion: 1, id: idOf(number), classifiedAt: '2026-11-20T10:00:00Z' },
    at: `2026-11-20T10:${String(number % 60).padStart(2, '0')}:00Z`,
    ...{ model: { name: 'flowers', version: '2.0.0' }, decision: 'label', said: 'rose', right: false },
    ...{ label: 'long', consent: true, image: imageOf(number) },
  };
}

describeInBrowser(
  `the review page in Chromium (skipped when there is none at ${CHROMIUM}; CHROMIUM_PATH names another)`,
  () => {
    let browser: Browser;
    let bytes: Buffer;
    let folder: string;
    let objects: LocalObjectStore;
    let service: FeedbackService;
    let server: ReviewServer;

    beforeAll(async () => {
      const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
      bytes = await photo({ width: 320, height: 240 });
    });
    afterAll(() => browser.close());
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await server.stop();
      rmSync(folder, { recursive: true });
    });

    async function open(photos: number, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
      folder = mkdtempSync(join(tmpdir(), 'review-page-'));
      objects = new LocalObjectStore(new LocalS3(new StateFolder(folder)));
      service = new FeedbackService(objects, 's3://local/feedback/');
      for (let number = 0; number < photos; number += 1) {
        const record = recordOf(number);
        await objects.write(`${service.prefix}${feedbackRecordKey(record)}`, Buffer.from(JSON.stringify(record)));
        await objects.write(`${service.prefix}${feedbackPhotoKey(imageOf(number))}`, bytes);
      }
      const { items } = await service.find();
      server = await ReviewServer.start(new ReviewSession(service, items, NAMES, 'ann', () => new Date()), 0);
      const page = await (await browser.newContext({ viewport: DESKTOP, ...options })).newPage();
      await page.goto(server.url);
      return page;
    }
    const reviewOf = async (number: number) =>
      (await service.find()).items.find(({ record }) => record.id === idOf(number))?.review;
    const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.trim());
    const tab = async (page: Page, times: number) => {
      for (let time = 0; time < times; time += 1) await page.keyboard.press('Tab');
    };
    const fieldOf = (page: Page, number: number) => page.locator('.review').nth(number).getByLabel('or a new class');

    it('is worked through by keyboard: what is next has the focus, and what was decided is said', async () => {
      const page = await open(3);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('To review (3)');
      await tab(page, 3); // Decided, the classes, the field
      await page.keyboard.type('aster');
      await page.keyboard.press('Enter');
      await page.waitForURL(/decided=/);
      expect(await page.getByRole('status').textContent()).toContain('Accepted as aster.');
      expect(await focused(page)).toBe('Photo 1 of 2');
      expect(await reviewOf(0)).toMatchObject({ decision: 'accepted', label: 'aster', reviewer: 'ann' });

      // From the heading on: the fields of that photo, and its buttons.
      await tab(page, 4); // the classes, the field, Accept, Reject
      expect(await focused(page)).toBe('Reject');
      await page.keyboard.press('Enter');
      await page.waitForURL(/0001#/);
      expect(await reviewOf(1)).toMatchObject({ decision: 'rejected' });

      await page.getByRole('link', { name: 'Change it' }).click();
      expect(await focused(page)).toBe('Photo 1 of 2');
      await page.locator('.review').first().getByRole('button', { name: 'Accept' }).click();
      await page.waitForURL(/show=decided&decided=/);
      expect(await reviewOf(1)).toMatchObject({ decision: 'accepted', label: 'long' });
      expect(await focused(page)).toBe('Photo 1 of 2');
    });

    it('says what is wrong at the field, with what was typed in it', async () => {
      const page = await open(2);
      await fieldOf(page, 1).fill('a/b');
      await page.locator('.review').nth(1).getByRole('button', { name: 'Accept' }).click();
      await page.getByRole('alert').waitFor();
      expect(await page.title()).toBe('Error: Feedback to review');
      const field = fieldOf(page, 1);
      expect(await field.inputValue()).toBe('a/b');
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      const sentence = await page.locator(`#${(await field.getAttribute('aria-describedby')) ?? ''}`).textContent();
      expect(sentence).toContain('The class "a/b" cannot be the name of a folder');
      expect(await fieldOf(page, 0).getAttribute('aria-invalid')).toBeNull();
      await field.fill('ab');
      await page.locator('.review').nth(1).getByRole('button', { name: 'Accept' }).click();
      await page.waitForURL(/decided=/);
      expect(await reviewOf(1)).toMatchObject({ decision: 'accepted', label: 'ab' });
    });

    it('keeps nothing of feedback that was taken back meanwhile', async () => {
      const page = await open(1);
      rmSync(join(folder, 's3', 'local', 'feedback', feedbackPhotoKey(imageOf(0))));
      await page.getByRole('button', { name: 'Accept' }).click();
      expect(await page.getByRole('alert').textContent()).toContain('was taken back meanwhile');
      expect(await page.getByText('There is nothing to review.').isVisible()).toBe(true);
      expect((await objects.list(service.prefix)).filter((uri) => uri.includes('reviews/'))).toEqual([]);
    });

    it.each([
      [
        'on a phone, in the dark, without JavaScript',
        { viewport: PHONE, javaScriptEnabled: false, colorScheme: 'dark' },
      ],
      ['on a desktop', {}],
    ] as const)('shows many photos %s, none of it cut off, with nothing loaded from elsewhere', async (_, options) => {
      const page = await open(60, options);
      expect(await page.getByRole('heading', { level: 2 }).count()).toBe(50);
      expect(await page.getByText('50 of 60 are shown').isVisible()).toBe(true);
      const right = await page
        .locator('.review *')
        .evaluateAll((elements) => Math.max(...elements.map((element) => element.getBoundingClientRect().right)));
      expect(right).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
      await page.locator('.review').nth(2).getByRole('button', { name: 'Later' }).click();
      expect(await page.getByRole('status').textContent()).toContain('For later.');
      expect(await reviewOf(2)).toMatchObject({ decision: 'later' });
    });
  },
);
