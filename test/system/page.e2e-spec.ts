// The page in a real browser, with the whole system and the shipped model behind it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Page } from 'playwright-core';
import sharp from 'sharp';
import { photo } from '../support/images';
import { describeInBrowser, SKIPPED_WITHOUT } from '../support/describe-in-browser';
import { PageBrowser } from '../support/page-browser';
import { memoryMb, processTree } from '../support/processes';
import { RunningSystem, startSystem } from '../support/system';

const SUBMIT = 'form[data-texts] button[type=submit]';
const HUGE = { width: 8064, height: 6048 };
const PHONE_MEMORY_MB = 2000;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeInBrowser(`the page and the whole system (${SKIPPED_WITHOUT})`, () => {
  let system: RunningSystem;
  let browser: PageBrowser;

  beforeAll(async () => {
    system = await startSystem();
    browser = await PageBrowser.start();
  });

  afterAll(async () => {
    await browser.close();
    await system.stop();
  });

  afterEach(() => browser.reset());

  const answered = (page: Page, count: number) =>
    page.waitForFunction(
      (count) => document.querySelectorAll('[data-part=photo][data-state=answered]').length === count,
      count,
      { timeout: 0 },
    );

  it('answers each sample, and shows where the model looked', async () => {
    const page = await browser.open(system.url);
    const samples = page.locator('.sample');
    for (const sample of await samples.all()) await sample.click();
    await answered(page, await samples.count());

    for (const summary of await page.locator('.looked summary').all()) await summary.click();
    for (const map of await page.locator('.preview .heatmap').all()) expect(await map.isVisible()).toBe(true);
    expect(browser.complaints).toEqual([]);
  });

  it('sends a photo by itself when the service that went down is there again', async () => {
    const page = await browser.open(system.url);
    process.kill(system.pid('web'), 'SIGKILL');
    await system.exitOf('web');
    await page.setInputFiles('#image', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photo() });
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=photo][data-state=pausing]');
    await system.restart('web');
    await answered(page, 1);
    expect(await page.isVisible('[data-part=photo] .result-heading')).toBe(true);
  });

  describeOnLinux('sixteen huge photos (skipped where there is no /proc)', () => {
    let folder: string;
    let files: string[];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'huge-photos-'));
      files = Array.from({ length: 16 }, (_, index) => join(folder, `${index}.jpg`));
      const huge = await sharp(await photo())
        .resize({ ...HUGE, fit: 'fill' })
        .jpeg()
        .toBuffer();
      for (const file of files) writeFileSync(file, huge);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('are answered within the memory of a phone', async () => {
      const page = await browser.open(system.url);
      let mostMb = 0;
      const meter = setInterval(() => (mostMb = Math.max(mostMb, browserMemoryMb())), 200);
      await page.setInputFiles('#image', files);
      await page.click(SUBMIT);
      await answered(page, files.length).finally(() => clearInterval(meter));
      expect(mostMb).toBeGreaterThan(100);
      expect(mostMb).toBeLessThan(PHONE_MEMORY_MB);
    }, 240_000);
  });
});

/** Of all processes of the browser, which is a child of ours. */
function browserMemoryMb(): number {
  return processTree(process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('chrom') ? memoryMb(pid) : 0;
      } catch {
        return 0; // it ended in the meantime
      }
    })
    .reduce((sum, mb) => sum + mb, 0);
}
