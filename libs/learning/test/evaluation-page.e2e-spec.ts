import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Browser, chromium, Page } from 'playwright-core';
import { photo } from '../../../test/support/images';
import { evaluationPage } from '../src/report';
import { evaluationFixture } from '../src/testing';

// The evaluation report in a real browser: on a phone, in the dark and on paper.

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

const PHONE = { width: 320, height: 640 };
/** What the margins leave of A4, at 96 dots per inch. */
const PAPER = { width: 688, height: 1000 };
const UNBREAKABLE = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

describeInBrowser(
  `the evaluation report in Chromium (skipped when there is none at ${CHROMIUM}; CHROMIUM_PATH names another)`,
  () => {
    let folder: string;
    let browser: Browser;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'evaluation-page-'));
      const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
      const image = await photo({ width: 96, height: 96 });
      for (const { name, classes, imagesPerClass } of [
        { name: 'few', classes: 3, imagesPerClass: 60 },
        { name: 'some', classes: 20, imagesPerClass: 20 },
        { name: 'many', classes: 200, imagesPerClass: 5 },
      ]) {
        const labels = Array.from({ length: classes }, (_, at) => ({
          id: `n${at}`,
          name: at === 1 ? UNBREAKABLE : `thing number ${at}`,
        }));
        const { report, predictions } = evaluationFixture({
          labels,
          imagesPerClass,
          margin: 3,
          deployedMargin: 3.2,
        });
        const mistakes = predictions.images
          .filter(({ label, predicted }) => label !== predicted)
          .slice(0, 24)
          .map((one) => ({ ...one, path: `${UNBREAKABLE}/${one.path}`, image, mediaType: 'image/jpeg' }));
        await writeFile(join(folder, `${name}.html`), evaluationPage({ report, mistakes }));
      }
    });

    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    });

    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    });

    /** What the browser asked for or complained about, the document aside. */
    let noise: string[];

    async function open(name: string, viewport = PHONE): Promise<Page> {
      noise = [];
      const page = await (await browser.newContext({ viewport })).newPage();
      page.on('console', (message) => noise.push(message.text()));
      page.on('pageerror', (error) => noise.push(error.message));
      page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) noise.push(request.url());
      });
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      return page;
    }

    /** How far the document, or what scrolls in it, is wider than its room. */
    const overflowOf = (page: Page, selector: string) =>
      page.evaluate((selector) => {
        const element = document.querySelector(selector);
        return element === null ? 0 : element.scrollWidth - element.clientWidth;
      }, selector);

    it.each(['few', 'some', 'many'])('needs no scrolling sideways on a phone (%s classes)', async (name) => {
      const page = await open(name);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      expect(await overflowOf(page, 'html')).toBe(0);
      expect(noise).toEqual([]);
    });

    it('lets a large confusion matrix alone be moved on a phone, by keyboard too', async () => {
      const page = await open('some');
      expect(await overflowOf(page, '.scroll')).toBeGreaterThan(0);
      await page.focus('.scroll');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() => (document.querySelector('.scroll')?.scrollLeft ?? 0) > 0);
      expect(noise).toEqual([]);
    });

    it('shows its thumbnails, and its own colours in the dark', async () => {
      const page = await open('few', { width: 1280, height: 900 });
      const groundOf = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const widths = await page.evaluate(() => Array.from(document.images, ({ naturalWidth }) => naturalWidth));
      expect(widths.length).toBeGreaterThan(5);
      expect(new Set(widths)).toEqual(new Set([96]));
      const light = await groundOf();
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await groundOf()).not.toBe(light);
      expect(noise).toEqual([]);
    });

    it.each(['few', 'some', 'many'])('puts all of it on paper, and nothing beside it (%s classes)', async (name) => {
      const page = await open(name, PAPER);
      await page.emulateMedia({ media: 'print' });
      expect(await overflowOf(page, 'html')).toBe(0);
      expect(await overflowOf(page, '.scroll')).toBe(0);
      const hidden = await page.evaluate(() =>
        Array.from(document.querySelectorAll('main h2, main p, main td, main th, main dd, main img, main svg'))
          .filter((element) => !element.checkVisibility() || element.getBoundingClientRect().height === 0)
          .map((element) => element.outerHTML),
      );
      expect(hidden).toEqual([]);
      const paper = await page.pdf({ preferCSSPageSize: true });
      expect(paper.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    });
  },
);
