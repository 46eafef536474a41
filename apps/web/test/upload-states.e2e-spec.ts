import { LANGUAGES, Language, ProblemError } from '@app/contracts';
import { BrowserContextOptions, Page } from 'playwright-core';
import { accessibilityFaults } from './support/accessibility';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { colourPhoto, keepScreenshot, PageBrowser, PhotoFile } from '../../../test/support/page-browser';
import { CLASSIFICATION, FEEDBACK, PagesApp, startPagesApp } from './support/pages-app';

// Every state that a person can bring the start page into, with and without its script: for everyone, on every screen.

const SUBMIT = 'form[data-texts] button[type=submit]';
const ANSWERED = { ...CLASSIFICATION, feedback: FEEDBACK };

interface StartState {
  readonly name: string;
  /** Brings an open start page there. */
  readonly reach: (page: Page, photos: readonly PhotoFile[], app: PagesApp) => Promise<void>;
}

async function send(page: Page, photos: readonly PhotoFile[], awaited: string): Promise<void> {
  await page.setInputFiles('#image', photos);
  await page.click(SUBMIT);
  await page.waitForSelector(awaited);
}

function allInState(page: Page, state: string): Promise<unknown> {
  return page.waitForFunction(
    (state) =>
      [...document.querySelectorAll<HTMLElement>('[data-part=photo]')].every((card) => card.dataset['state'] === state),
    state,
  );
}

const openAll = (page: Page) =>
  page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));

const WITH_SCRIPT: readonly StartState[] = [
  { name: 'start', reach: () => Promise.resolve() },
  {
    name: 'nothing chosen',
    reach: async (page) => {
      await page.click(SUBMIT);
      await page.waitForSelector('[data-slot=problem] [data-part=problem]');
    },
  },
  {
    name: 'photos chosen',
    reach: async (page, photos) => {
      await page.setInputFiles('#image', photos);
      await allInState(page, 'ready');
    },
  },
  {
    name: 'being looked at',
    reach: async (page, photos, app) => {
      app.was.gate = new Promise(() => undefined);
      await send(page, photos, '[data-part=photo][data-state=looking]');
    },
  },
  {
    name: 'an answer',
    reach: async (page, photos) => {
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=answered]');
      await openAll(page);
    },
  },
  ...(['uncertain', 'unknown'] as const).map((decision) => ({
    name: `an answer, ${decision}`,
    reach: async (page: Page, photos: readonly PhotoFile[], app: PagesApp) => {
      app.was.classification = { ...ANSWERED, decision };
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=answered]');
    },
  })),
  {
    name: 'feedback that corrects',
    reach: async (page, photos) => {
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=answered]');
      await page.check('[name=right][value=false]');
      await page.check('[name=consent]');
    },
  },
  {
    name: 'feedback taken',
    reach: async (page, photos) => {
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=answered]');
      await page.check('[name=right][value=true]');
      await page.click('.feedback [type=submit]');
      await page.waitForSelector('[name=token] >> xpath=ancestor::form[contains(@action, "withdraw")]', {
        state: 'attached',
      });
    },
  },
  {
    name: 'several answers, one refusal',
    reach: async (page, photos, app) => {
      const refused = photos[1]?.buffer;
      app.was.problemOf = (photo) =>
        refused !== undefined && photo.equals(refused) ? new ProblemError('image-undecodable', {}) : undefined;
      await send(page, photos, '[data-part=photo][data-state=failed]');
      await page.waitForFunction(() => document.querySelector('[data-state=looking], [data-state=sending]') === null);
    },
  },
  {
    name: 'offline',
    reach: async (page, photos) => {
      await page.context().setOffline(true);
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=offline]');
    },
  },
  {
    name: 'busy',
    reach: async (page, photos, app) => {
      app.was.problem = new ProblemError('overloaded', { retryAfterSeconds: 30 });
      await send(page, photos.slice(0, 1), '[data-part=photo][data-state=pausing]');
    },
  },
  {
    name: 'history',
    reach: async (page, photos) => {
      await page.check('[data-part=keep-history]');
      await send(page, photos.slice(0, 2), '[data-part=photo][data-state=answered]');
      await allInState(page, 'answered');
    },
  },
];

const WITHOUT_SCRIPT: readonly StartState[] = [
  { name: 'start', reach: () => Promise.resolve() },
  {
    name: 'an answer',
    reach: async (page, photos) => {
      await send(page, photos.slice(0, 1), 'h1.result-heading');
      await page.click('.looked summary');
    },
  },
  { name: 'several answers', reach: (page, photos) => send(page, photos, '.photo') },
  {
    name: 'a refusal',
    reach: async (page, photos, app) => {
      app.was.problem = new ProblemError('image-undecodable', {});
      await send(page, photos.slice(0, 1), '[data-part=problem]');
    },
  },
];

const CASES = [
  ...WITH_SCRIPT.map((state) => ({ ...state, scripts: 'with' })),
  ...WITHOUT_SCRIPT.map((state) => ({ ...state, scripts: 'without' })),
];

describeInBrowser(`the states of the start page in Chromium (${SKIPPED_WITHOUT})`, () => {
  let app: PagesApp;
  let browser: PageBrowser;
  let photos: PhotoFile[];

  beforeAll(async () => {
    browser = await PageBrowser.start();
    photos = await Promise.all(['a.jpg', 'b.jpg', 'c.jpg'].map((name, index) => colourPhoto(name, 400 + index)));
  });
  afterAll(() => browser.close());

  // A photo that is never answered would hold up the end of an app that others use too.
  beforeEach(async () => (app = await startPagesApp()));
  afterEach(async () => {
    await browser.reset();
    await app.close();
  });

  async function reach(state: (typeof CASES)[number], options: BrowserContextOptions): Promise<Page> {
    app.was.reset();
    app.was.classification = ANSWERED;
    const page = await browser.newPage(options);
    // axe is a script itself: for it the browser runs scripts, and only the page's own does not arrive.
    if (state.scripts === 'without') await page.route('**/*.js', (route) => route.abort());
    await page.goto(app.url);
    await state.reach(page, photos, app);
    return page;
  }

  const nameOf = (state: (typeof CASES)[number], locale: Language, look: string) =>
    `start - ${state.name} - ${state.scripts} script ${locale} ${look}`;

  it.each(CASES)('have no fault: $name, $scripts the script, in both languages and colour schemes', async (state) => {
    for (const locale of LANGUAGES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await reach(state, { locale, colorScheme });
        await page.context().setOffline(false);
        expect(await accessibilityFaults(page)).toEqual([]);
        await keepScreenshot(page, nameOf(state, locale, colorScheme));
        await page.context().close();
      }
    }
    expect(browser.complaints).toEqual([]);
  });

  it.each(CASES)('fit 320 pixels, and letters of twice the size: $name, $scripts the script', async (state) => {
    for (const locale of LANGUAGES) {
      const page = await reach(state, {
        locale,
        viewport: { width: 320, height: 640 },
        hasTouch: true,
        javaScriptEnabled: state.scripts === 'with',
      });
      const widthOf = () => page.evaluate(() => document.documentElement.scrollWidth);
      expect(await widthOf()).toBe(320);
      await keepScreenshot(page, nameOf(state, locale, '320'));
      await page.setViewportSize({ width: 640, height: 640 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      expect(await widthOf()).toBe(640);
      await page.context().close();
    }
  });
});
