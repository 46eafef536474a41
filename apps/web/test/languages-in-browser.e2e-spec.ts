import { ProblemError } from '@app/contracts';
import { existsSync } from 'node:fs';
import { Browser, BrowserContext, BrowserContextOptions, chromium, Page } from 'playwright-core';
import sharp from 'sharp';
import { DRIFT, MONITOR_SUMMARY } from './support/monitor-answers';
import { CLASSIFICATION, FEEDBACK, PagesApp, startPagesApp } from './support/pages-app';

// The pages in Korean, and the way to them, in a real browser.

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

const KOREAN = { locale: 'ko-KR' };
const PHONE = { width: 320, height: 640 };

/** Made up: without a space, and longer than any name that the shipped model has. */
const LONG_NAME = '아메리칸스태퍼드셔테리어개와잉글리시스프링어스패니얼';

describeInBrowser(
  `languages in Chromium (skipped when there is none at ${CHROMIUM}; CHROMIUM_PATH names another)`,
  () => {
    let app: PagesApp;
    let browser: Browser;
    let photo: { name: string; mimeType: string; buffer: Buffer };

    beforeAll(async () => {
      app = await startPagesApp();
      const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
      const buffer = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'orange' } })
        .jpeg()
        .toBuffer();
      photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
    });

    afterAll(async () => {
      await browser.close();
      await app.close();
    });

    beforeEach(() => {
      app.was.problem = undefined;
      app.was.monitor = { summary: MONITOR_SUMMARY, drift: DRIFT };
      app.was.classification = {
        ...CLASSIFICATION,
        feedback: FEEDBACK,
        predictions: CLASSIFICATION.predictions.map((each) => ({ ...each, name: { en: 'long', ko: LONG_NAME } })),
      };
    });

    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    });

    function open(options: BrowserContextOptions = {}): Promise<BrowserContext> {
      return browser.newContext(options);
    }

    async function pageAt(path: string, options: BrowserContextOptions = {}): Promise<Page> {
      const page = await (await open(options)).newPage();
      await page.goto(`${app.url}${path}`);
      return page;
    }

    const languageOf = (page: Page) => page.evaluate(() => document.documentElement.lang);

    /** As wide as with a Korean font, which the machine may lack: a syllable is about as wide as a W. */
    async function widthOf(page: Page): Promise<number> {
      await page.evaluate(() => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
          text.textContent = (text.textContent ?? '').replaceAll(/[가-힣]/g, 'W');
        }
      });
      return await page.evaluate(() => document.documentElement.scrollWidth);
    }

    it.each([true, false])('are switched by the link, stay, and go back (scripts: %s)', async (javaScriptEnabled) => {
      const page = await pageAt('/status?window=24h', { javaScriptEnabled });
      expect(await languageOf(page)).toBe('en');

      await page.click('text=한국어');
      await page.waitForSelector('html[lang=ko]');
      expect(page.url()).toBe(`${app.url}/status?window=24h`);
      expect(await page.textContent('h1')).toBe('상태');

      await page.click('text=모델 >> nth=0');
      await page.waitForSelector('h2:has-text("할 수 없는 것")');

      await page.click('text=English');
      await page.waitForSelector('html[lang=en]');
      expect(page.url()).toBe(`${app.url}/model`);
      await page.goBack();
      await page.goto(`${app.url}/`);
      expect(await languageOf(page)).toBe('en');
    });

    it('lead from the answer to a form to the start page', async () => {
      const page = await pageAt('/', { javaScriptEnabled: false });
      await page.setInputFiles('#image', photo);
      await page.click('button[type=submit]');
      await page.waitForSelector('h1#result-heading');
      await page.click('text=한국어');
      await page.waitForSelector('html[lang=ko]');
      expect(page.url()).toBe(`${app.url}/`);
    });

    it('are also that of what scripts say', async () => {
      const page = await pageAt('/', KOREAN);
      await page.context().setOffline(true);
      await page.setInputFiles('#image', photo);
      await page.click('button[type=submit]');
      await page.waitForSelector('[data-slot=problem] [data-part=problem]');
      expect(await page.textContent('[data-slot=problem]')).toContain('서비스에 연결할 수 없어요');
      expect(await page.title()).toBe('오류: 서비스에 연결할 수 없어요 - 이미지 분류기');
    });

    it.each(['/', '/model', '/status', '/docs', '/problems/unsupported-media-type', '/nothing-here'])(
      'show %s in Korean without scrolling sideways on 320 pixels',
      async (path) => {
        const page = await pageAt(path, { ...KOREAN, viewport: PHONE });
        expect(await languageOf(page)).toBe('ko');
        await keep(page, path);
        expect(await widthOf(page)).toBe(320);
        await keep(page, `${path} wide`);
      },
    );

    it('show a result, a refusal and feedback in Korean without scrolling sideways on 320 pixels', async () => {
      const page = await pageAt('/', { ...KOREAN, viewport: PHONE, javaScriptEnabled: false });
      await page.check('[name=heatmap]');
      await page.setInputFiles('#image', photo);
      await page.click('button[type=submit]');
      await page.waitForSelector('h1#result-heading');
      await page.click('summary');
      await keep(page, 'result');

      await page.check('[name=right][value=false]');
      await page.check('[name=consent]');
      expect(await widthOf(page)).toBe(320);
      await keep(page, 'result wide');
      await page.click('.feedback [type=submit]');
      await page.waitForSelector('h1#note-title');
      await keep(page, 'thanks');

      app.was.problem = new ProblemError('unsupported-image-format', { detected: 'heic' });
      await page.goto(app.url);
      await page.setInputFiles('#image', photo);
      await page.click('button[type=submit]');
      await page.waitForSelector('[data-part=problem]');
      expect(await widthOf(page)).toBe(320);
      await keep(page, 'refusal wide');
    });

    /** Writes a screenshot where somebody wants to look at it. */
    async function keep(page: Page, name: string): Promise<void> {
      const folder = process.env['SCREENSHOTS'];
      if (folder === undefined) return;
      await page.screenshot({ path: `${folder}/${name.replaceAll('/', '_')}.png`, fullPage: true });
    }
  },
);
