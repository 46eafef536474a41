import { LANGUAGES } from '@app/contracts';
import { existsSync } from 'node:fs';
import { Browser, BrowserContextOptions, chromium, Page } from 'playwright-core';
import { accessibilityFaults } from './support/accessibility';
import { EVERY_PAGE, PageState, showState } from './support/every-page';
import { PagesApp, startPagesApp } from './support/pages-app';

// The model card, the status, the error pages and the API's description in a real browser: for everyone, on every screen.

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

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
].map((name) => stateNamed(name));

/** The viewer is a package of others; its own faults are not ours to mend. */
const NOT_OURS = ['#swagger-ui'];

function stateNamed(name: string): PageState {
  const state = EVERY_PAGE.find((each) => each.name === name);
  if (state === undefined) throw new Error(`there is no state "${name}"`);
  return state;
}

describeInBrowser(`pages in Chromium (skipped when there is none at ${CHROMIUM}; CHROMIUM_PATH names another)`, () => {
  let app: PagesApp;
  let browser: Browser;
  let complaints: string[] = [];

  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });

  afterAll(() => browser.close());

  // An answer about the tiers serves for a second, so each test has an app of its own.
  beforeEach(async () => {
    complaints = [];
    app = await startPagesApp();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await app.close();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.on('console', (message) => {
      // The browser notes every reply that is a refusal; the page is to show it.
      const isComplaint = message.type() === 'error' && !message.text().startsWith('Failed to load resource');
      if (isComplaint) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${app.url}${path}`);
    return page;
  }

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
        await keep(page, `${state.name} ${locale} ${colorScheme}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it.each(STATES)(
    'show $name on 320 pixels, and with letters of twice the size, without scrolling sideways',
    async (state) => {
      showState(app, state);
      for (const locale of LANGUAGES) {
        const page = await open(state.path, { locale, viewport: { width: 320, height: 640 } });
        await openAll(page);
        expect(await widthOf(page)).toBe(320);
        await keep(page, `${state.name} ${locale} 320`);
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
    await keep(page, 'model forced colours');
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
    await keep(page, 'model on paper');
  });

  it.each(['light', 'dark'] as const)('show the API in the same frame, %s', async (colorScheme) => {
    for (const locale of LANGUAGES) {
      const page = await open('/docs', { locale, colorScheme });
      await page.waitForSelector('#swagger-ui .opblock');
      expect(await accessibilityFaults(page, NOT_OURS)).toEqual([]);
      await keep(page, `docs ${locale} ${colorScheme}`);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await widthOf(page)).toBe(320);
      await keep(page, `docs ${locale} ${colorScheme} 320`);
    }
    expect(complaints).toEqual([]);
  });

  /** Writes a screenshot where somebody wants to look at it. */
  async function keep(page: Page, name: string): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w-]+/g, '_')}.png`, fullPage: true });
  }
});
