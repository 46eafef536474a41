import { ProblemError } from '@app/contracts';
import { BrowserContextOptions, Page } from 'playwright-core';
import { DRIFT, MONITOR_SUMMARY } from './support/monitor-answers';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { colourPhoto, keepScreenshot, PageBrowser, PhotoFile } from '../../../test/support/page-browser';
import { CLASSIFICATION, FEEDBACK, PagesApp, startPagesApp } from './support/pages-app';

// The pages in Korean, and the way to them, in a real browser.

const SUBMIT = 'form[data-texts] button[type=submit]';

const KOREAN = { locale: 'ko-KR' };
const PHONE = { width: 320, height: 640 };

/** Made up: without a space, and longer than any name that the shipped model has. */
const LONG_NAME = '아메리칸스태퍼드셔테리어개와잉글리시스프링어스패니얼';

describeInBrowser(`languages in Chromium (${SKIPPED_WITHOUT})`, () => {
  let app: PagesApp;
  let browser: PageBrowser;
  let photo: PhotoFile;

  beforeAll(async () => {
    app = await startPagesApp();
    browser = await PageBrowser.start();
    photo = await colourPhoto('photo.jpg');
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  beforeEach(() => {
    app.was.reset();
    app.was.monitor = { summary: MONITOR_SUMMARY, drift: DRIFT };
    app.was.classification = {
      ...CLASSIFICATION,
      feedback: FEEDBACK,
      predictions: CLASSIFICATION.predictions.map((each) => ({ ...each, name: { en: 'long', ko: LONG_NAME } })),
    };
  });

  afterEach(() => browser.reset());

  const pageAt = (path: string, options: BrowserContextOptions = {}) => browser.open(`${app.url}${path}`, options);

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
    await page.click(SUBMIT);
    await page.waitForSelector('h1.result-heading');
    await page.click('text=한국어');
    await page.waitForSelector('html[lang=ko]');
    expect(page.url()).toBe(`${app.url}/`);
  });

  it('are also that of what scripts say', async () => {
    const page = await pageAt('/', KOREAN);
    await page.context().setOffline(true);
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=photo][data-state=offline]');
    expect(await page.textContent('[data-part=announcement]')).toBe('오프라인이에요. 연결되면 사진을 저절로 보내요.');
  });

  it.each(['/', '/model', '/status', '/docs', '/problems/unsupported-media-type', '/nothing-here'])(
    'show %s in Korean without scrolling sideways on 320 pixels',
    async (path) => {
      const page = await pageAt(path, { ...KOREAN, viewport: PHONE });
      expect(await languageOf(page)).toBe('ko');
      await keepScreenshot(page, path);
      expect(await widthOf(page)).toBe(320);
      await keepScreenshot(page, `${path} wide`);
    },
  );

  it('show a result, a refusal and feedback in Korean without scrolling sideways on 320 pixels', async () => {
    const page = await pageAt('/', { ...KOREAN, viewport: PHONE, javaScriptEnabled: false });
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector('h1.result-heading');
    await page.click('.looked summary');
    await keepScreenshot(page, 'result');

    await page.check('[name=right][value=false]');
    await page.check('[name=consent]');
    expect(await widthOf(page)).toBe(320);
    await keepScreenshot(page, 'result wide');
    await page.click('.feedback [type=submit]');
    await page.waitForSelector('h1.note-title');
    await keepScreenshot(page, 'thanks');

    app.was.problem = new ProblemError('unsupported-image-format', { detected: 'heic' });
    await page.goto(app.url);
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=problem]');
    expect(await widthOf(page)).toBe(320);
    await keepScreenshot(page, 'refusal wide');
  });
});
