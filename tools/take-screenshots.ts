// Takes the pictures of docs/images/ that show pages: the whole system with its default model, a real browser, and the samples
// of the start page, which this project has drawn.
import { PRODUCT_ROOT } from '@app/platform/product';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserContextOptions, Page } from 'playwright-core';
import { PageBrowser } from '../test/support/page-browser';
import { startSystem } from '../test/support/system';

const FOLDER = join(PRODUCT_ROOT, 'docs', 'images');
const DESK: BrowserContextOptions = { locale: 'en', viewport: { width: 1000, height: 1400 } };
const PHONE: BrowserContextOptions = {
  locale: 'ko',
  colorScheme: 'dark',
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
};

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly options: BrowserContextOptions;
  /** Brings the page there. */
  readonly reach?: (page: Page) => Promise<void>;
  /** The part that is shown; default the first screen. */
  readonly part?: string;
}

/** Presses samples by their places, and waits for all answers. */
async function trySamples(page: Page, places: readonly number[]): Promise<void> {
  for (const place of places) await page.locator('.sample').nth(place).click();
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-part=photo][data-state=answered]').length === count,
    places.length,
  );
}

const SHOTS: readonly Shot[] = [
  { name: 'start', path: '/', options: DESK },
  {
    name: 'result',
    path: '/',
    options: DESK,
    part: '[data-part=photos]',
    reach: async (page) => {
      await trySamples(page, [0]);
      await page.click('.looked summary');
    },
  },
  {
    name: 'several',
    path: '/',
    options: DESK,
    part: '[data-part=photos]',
    reach: (page) => trySamples(page, [1, 2, 3]),
  },
  { name: 'phone', path: '/', options: PHONE, part: '[data-part=photos]', reach: (page) => trySamples(page, [1]) },
  { name: 'model', path: '/model', options: DESK },
  { name: 'status', path: '/status', options: DESK },
];

/** With some of the ground around it, in pixels from the top left of the page. */
function placeOf(page: Page, selector: string): Promise<{ x: number; y: number; width: number; height: number }> {
  return page.locator(selector).evaluate((element) => {
    const margin = 16;
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x: x + scrollX - margin, y: y + scrollY - margin, width: width + 2 * margin, height: height + 2 * margin };
  });
}

async function main(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const system = await startSystem({ environment: { was: { WAS_FEEDBACK_DIR: join(state, 'feedback') } } });
  const browser = await PageBrowser.start();
  try {
    for (const { name, path, options, reach, part } of SHOTS) {
      const page = await browser.open(`${system.url}${path}`, options);
      await reach?.(page);
      const file = join(FOLDER, `${name}.png`);
      if (part === undefined) await page.screenshot({ path: file });
      else await page.screenshot({ path: file, fullPage: true, clip: await placeOf(page, part) });
      console.log(file);
      await browser.reset();
    }
  } finally {
    await browser.close();
    await system.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

void main();
