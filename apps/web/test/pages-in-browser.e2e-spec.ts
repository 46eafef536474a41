import { LANGUAGES } from '@app/contracts';
import { BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityFaults } from './support/accessibility';
import { showState, stateNamed } from './support/every-page';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { keepScreenshot, PageBrowser } from '../../../test/support/page-browser';
import { PagesApp, startPagesApp } from './support/pages-app';

// The model card, the status, the error pages and the API's description in a real browser: for everyone, on every screen.

const STATES = [
  'the model',
  'a model of the pipeline',
  'a model with many labels',
  'a model that does not describe itself',
  'the status: drift of brightness, less',
  'the status: nothing seen',
  'the status: off',
  'the status: tiers that are not well',
  'the status: no business tier',
  'a page that cannot be shown: invalid-parameter',
  'a page that cannot be shown: not-acceptable',
  'a page that cannot be shown: too-many-requests',
  'a page that cannot be shown: headers-too-large',
  'a page that cannot be shown: internal-error',
  'a page that cannot be shown: bad-model-answer',
  'a page that cannot be shown: model-missing',
  'a page that cannot be shown: deadline-exceeded',
  'the kind of problem: unsupported-media-type',
  'nothing',
].map(stateNamed);

/** The viewer is a package of others; its own faults are not ours to mend. */
const NOT_OURS = ['#swagger-ui'];

describeInBrowser(`pages in Chromium (${SKIPPED_WITHOUT})`, () => {
  let app: PagesApp;
  let browser: PageBrowser;

  beforeAll(async () => (browser = await PageBrowser.start()));

  afterAll(() => browser.close());

  // An answer about the tiers serves for a second, so each test has an app of its own.
  beforeEach(async () => (app = await startPagesApp()));

  afterEach(async () => {
    await browser.reset();
    await app.close();
  });

  const open = (path: string, options: BrowserContextOptions = {}) => browser.open(`${app.url}${path}`, options);

  async function openAll(page: Page): Promise<void> {
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  }

  const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

  it.each(STATES)('show $name without a fault, in both languages and colour schemes', async (state) => {
    showState(app, state);
    for (const locale of LANGUAGES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await open(state.path, { locale, colorScheme });
        await openAll(page);
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
        expect(await accessibilityFaults(page)).toEqual([]);
        await keepScreenshot(page, `${state.name} ${locale} ${colorScheme}`);
      }
    }
    expect(browser.complaints).toEqual([]);
  });

  it.each(STATES)(
    'show $name on 320 pixels, and with letters of twice the size, without scrolling sideways',
    async (state) => {
      showState(app, state);
      for (const locale of LANGUAGES) {
        const page = await open(state.path, { locale, viewport: { width: 320, height: 640 } });
        await openAll(page);
        expect(await widthOf(page)).toBe(320);
        await keepScreenshot(page, `${state.name} ${locale} 320`);
        await page.setViewportSize({ width: 640, height: 640 });
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        expect(await widthOf(page)).toBe(640);
      }
    },
  );

  it('can be walked through with the keyboard, and the focus is seen', async () => {
    showState(app, stateNamed('a model with many labels'));
    const page = await open('/model');
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { text: element.textContent, outlineStyle, isWide: parseFloat(outlineWidth) >= 2 };
      });
    const seen: string[] = [];
    for (let stop = 0; stop < 40; stop++) {
      await page.keyboard.press('Tab');
      const { text, ...ring } = await focused();
      if (text === (await page.textContent('body'))) break;
      expect(ring).toEqual({ outlineStyle: 'solid', isWide: true });
      seen.push(text);
      if (text === 'Show all 40') break;
    }
    expect(seen[0]).toBe('Skip to the content');
    expect(seen).toContain('What it mixes up');
    expect(seen.at(-1)).toBe('Show all 40');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('text=39 goldfish')).toBe(true);
  });

  it('keep what charts say in forced colours', async () => {
    showState(app, stateNamed('a model of the pipeline'));
    const page = await open('/model', { forcedColors: 'active' });
    const colours = await page.evaluate(() => {
      const [bin, ground] = [document.querySelector('.bin'), document.body];
      return bin && [getComputedStyle(bin).fill, getComputedStyle(ground).backgroundColor];
    });
    expect(new Set(colours).size).toBe(2);
    await keepScreenshot(page, 'model forced colours');
  });

  it('move nothing where less motion is wanted', async () => {
    const page = await open('/status', { reducedMotion: 'reduce' });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });

  it('are complete on paper: no ways through the site, and nothing folded away', async () => {
    showState(app, stateNamed('a model with many labels'));
    const page = await open('/model', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('.site-header nav')).toBe(false);
    expect(await page.isVisible('text=39 goldfish')).toBe(true);
    const ink = await page.evaluate(() => getComputedStyle(document.body).color);
    expect(ink).toBe('rgb(29, 28, 26)');
    await keepScreenshot(page, 'model on paper');
  });

  it.each(['light', 'dark'] as const)('show the API in the same frame, %s', async (colorScheme) => {
    for (const locale of LANGUAGES) {
      const page = await open('/docs', { locale, colorScheme });
      await page.waitForSelector('#swagger-ui .opblock');
      expect(await accessibilityFaults(page, NOT_OURS)).toEqual([]);
      await keepScreenshot(page, `docs ${locale} ${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await widthOf(page)).toBe(320);
      await keepScreenshot(page, `docs ${locale} ${colorScheme} 320`);
    }
    expect(browser.complaints).toEqual([]);
  });
});
