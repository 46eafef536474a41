import { BrowserContextOptions, Page } from 'playwright-core';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { colourPhoto, focusedText, keepScreenshot, PageBrowser, PhotoFile } from '../../../test/support/page-browser';
import { CLASSIFICATION, FEEDBACK, PagesApp, startPagesApp } from './support/pages-app';

// The start page for people who use it otherwise than with a mouse on a large, fast, colourful screen.

const SUBMIT = 'form[data-texts] button[type=submit]';
const PHONE = { width: 320, height: 640 };
/** What browsers call good, at the 75th percentile of visits: https://web.dev/articles/cls */
const GOOD_LAYOUT_SHIFT = 0.1;

describeInBrowser(`the start page for everyone in Chromium (${SKIPPED_WITHOUT})`, () => {
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
    app.was.classification = { ...CLASSIFICATION, feedback: FEEDBACK };
  });
  afterEach(() => browser.reset());

  const open = (options: BrowserContextOptions = {}, path = '/') => browser.open(`${app.url}${path}`, options);

  /** Presses Tab until the focus is there, and gives which elements on the way had no ring that is seen. */
  async function tabTo(page: Page, selector: string): Promise<string[]> {
    const unseen: string[] = [];
    for (let stop = 0; stop < 40; stop++) {
      await page.keyboard.press('Tab');
      const { isThere, html, isSeen } = await page.evaluate((selector) => {
        const element = document.activeElement ?? document.body;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
          isThere: element.matches(selector),
          html: element.outerHTML.slice(0, 80),
          isSeen: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
        };
      }, selector);
      if (!isSeen) unseen.push(html);
      if (isThere) return unseen;
    }
    throw new Error(`Tab does not lead to ${selector}`);
  }

  it('can be used with the keyboard alone, and the focus is seen', async () => {
    const page = await open();
    expect(await tabTo(page, '#image')).toEqual([]);
    await page.setInputFiles('#image', photo); // the dialog is the system's
    expect(await tabTo(page, SUBMIT)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=photo][data-state=answered]');
    expect(await focusedText(page)).toBe('Goldfish, 87\u00a0% sure');

    expect(await tabTo(page, '.looked summary')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.preview .heatmap', { state: 'visible' });

    expect(await tabTo(page, '[name=right]')).toEqual([]);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await page.isChecked('[name=right][value=false]')).toBe(true);
    expect(await tabTo(page, 'select[name=label]')).toEqual([]);
    await page.keyboard.type('orange');
    expect(await page.inputValue('select[name=label]')).toBe('n07747607');
    expect(await tabTo(page, '.feedback [type=submit]')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.matches('[data-part=note]'));
    expect(app.was.feedback).toHaveLength(1);
  });

  it('keeps bars and the map apart from their ground in forced colours', async () => {
    const page = await open({ forcedColors: 'active' });
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.click('.looked summary');
    const fills = await page.evaluate(() =>
      ['.bar-share', '.bar-rest'].map((each) => {
        const bar = document.querySelector(each);
        return bar && getComputedStyle(bar).fill;
      }),
    );
    expect(new Set(fills).size).toBe(2);
    await keepScreenshot(page, 'start forced colours');
  });

  it('moves nothing by itself where less motion is wanted', async () => {
    app.was.gate = new Promise(() => undefined);
    const page = await open({ reducedMotion: 'reduce' });
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=photo][data-state=looking]');
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    await page.click('[data-action=cancel]');
  });

  it.each([
    { locale: 'en', viewport: { width: 1280, height: 900 } },
    { locale: 'ko', viewport: PHONE },
  ])('shifts nothing under the eyes while answers arrive: $locale, $viewport.width pixels', async (options) => {
    let answer: () => void = () => undefined;
    app.was.gate = new Promise((resolve) => (answer = resolve));
    const predictions = [...CLASSIFICATION.predictions, ...CLASSIFICATION.predictions.slice(1)];
    app.was.classification = { ...CLASSIFICATION, predictions, feedback: FEEDBACK };
    const page = await open(options);
    await page.setInputFiles('#image', [photo, await colourPhoto('another.jpg', 500)]);
    await page.click(SUBMIT);
    await page.waitForFunction(() => document.querySelectorAll('[data-state=looking]').length === 2);
    const shifted = await layoutShiftDuring(page, async () => {
      answer();
      await page.waitForFunction(() => document.querySelectorAll('[data-state=answered]').length === 2);
    });
    expect(shifted).toBeLessThan(GOOD_LAYOUT_SHIFT);
  });

  it.each([
    { path: '/', mostRequests: 9 },
    { path: '/model', mostRequests: 4 },
    { path: '/status', mostRequests: 5 },
  ])('costs a phone little: $path', async ({ path, mostRequests }) => {
    const page = await browser.newPage({ viewport: PHONE });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const shifted = await layoutShiftDuring(page, async () => {
      await page.goto(`${app.url}${path}`, { waitUntil: 'networkidle' });
    });
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => /\.(js|css)$/.test(name))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(requests.filter((url) => new URL(url).origin !== app.url)).toEqual([]);
    expect(requests.filter((url) => /\.(woff2?|ttf|otf)$/.test(url))).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(mostRequests);
    expect(bytes).toBeLessThan(60_000);
    expect(shifted).toBeLessThan(GOOD_LAYOUT_SHIFT);
  });

  /** Cumulative layout shift, without the windows in which browsers add it up: so never less than theirs. */
  async function layoutShiftDuring(page: Page, act: () => Promise<void>): Promise<number> {
    await act();
    return page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
              if (!entry.hadRecentInput) sum += entry.value;
          }).observe({ type: 'layout-shift', buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 0)));
        }),
    );
  }
});
