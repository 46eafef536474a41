import { ProblemError } from '@app/contracts';
import { Page } from 'playwright-core';
import { startPagesApp, PagesApp } from './support/pages-app';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { colourPhoto, focusedText, PageBrowser, PhotoFile } from '../../../test/support/page-browser';

// The start page with its script: several photos, each a card with its own progress, answer or problem.

const SUBMIT = 'form[data-texts] button[type=submit]';

describeInBrowser(`several photos on the page in Chromium (${SKIPPED_WITHOUT})`, () => {
  let app: PagesApp;
  let browser: PageBrowser;
  let photos: PhotoFile[];

  beforeAll(async () => {
    app = await startPagesApp();
    browser = await PageBrowser.start();
    photos = await Promise.all(
      ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name, index) => colourPhoto(name, 300 + index)),
    );
    photos.push({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') });
  });

  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  beforeEach(() => app.was.reset());
  afterEach(() => browser.reset());

  const open = (options = {}) => browser.open(app.url, options);

  async function sendPhotos(page: Page, files: readonly PhotoFile[]): Promise<void> {
    await page.setInputFiles('#image', files);
    await page.click(SUBMIT);
  }

  const card = (page: Page, name: string) => page.locator('[data-part=photo]', { hasText: name });
  const states = (page: Page) =>
    page.locator('[data-part=photo]').evaluateAll((cards) => cards.map((card) => card.dataset['state']));
  const untilStates = (page: Page, wanted: readonly string[]) =>
    page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll<HTMLElement>('[data-part=photo]')].map((card) => card.dataset['state']).join() ===
        wanted,
      wanted.join(),
    );
  const status = (page: Page) => page.textContent('[data-part=announcement]');

  it('answers each in its card; one failure loses none of the others', async () => {
    app.was.problemOf = (photo) =>
      photo.equals(photos[1]?.buffer ?? photo) ? new ProblemError('image-undecodable', {}) : undefined;
    const page = await open();
    await page.setInputFiles('#image', photos.slice(0, 3));
    expect(await status(page)).toBe('3 photos chosen.');
    expect(await page.textContent(SUBMIT)).toBe('Look at 3 photos');
    await page.click(SUBMIT);
    await untilStates(page, ['answered', 'failed', 'answered']);

    expect(await card(page, 'a.jpg').locator('h3').textContent()).toBe('Goldfish, 87\u00a0% sure');
    expect(await card(page, 'b.jpg').locator('h3').textContent()).toBe('The image cannot be decoded');
    expect(await page.title()).toBe('3 of 3 done - Image classifier');
    expect(await status(page)).toContain('3 of 3 done');
    expect(
      await page
        .locator('[data-part=photo] [id]')
        .evaluateAll((all) => all.length - new Set(all.map(({ id }) => id)).size),
    ).toBe(0);
    expect(browser.complaints).toEqual([]);
  });

  it('sends three at a time, the others wait their turn; what is cancelled is not sent', async () => {
    let answer: () => void = () => undefined;
    app.was.gate = new Promise((resolve) => (answer = resolve));
    const page = await open();
    await sendPhotos(page, photos.slice(0, 4));
    await untilStates(page, ['looking', 'looking', 'looking', 'waiting']);
    await card(page, 'd.jpg').getByRole('button', { name: 'Cancel d.jpg' }).click();
    await card(page, 'a.jpg').getByRole('button', { name: 'Cancel a.jpg' }).click();
    expect(await states(page)).toEqual(['ready', 'looking', 'looking', 'ready']);
    expect(await status(page)).toBe('Cancelled. The photo is still here.');

    answer();
    await untilStates(page, ['ready', 'answered', 'answered', 'ready']);
    expect(app.was.received).toHaveLength(3);
    await card(page, 'd.jpg').getByRole('button', { name: 'Try again d.jpg' }).click();
    await untilStates(page, ['ready', 'answered', 'answered', 'answered']);
  });

  it('takes sixteen, and says what became of the rest', async () => {
    const page = await open();
    const many = await Promise.all(Array.from({ length: 18 }, (_, index) => colourPhoto(`${index}.jpg`, 20, 20)));
    await page.setInputFiles('#image', many);
    expect(await focusedText(page)).toContain('16 have room here. 2 were left out');
    expect(await page.title()).toBe('Error: That is too many photos at once - Image classifier');
    await page.getByRole('button', { name: 'Remove all' }).click();
    expect(await states(page)).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('image');
  });

  it('says so when nothing is chosen, with the way to the field', async () => {
    const page = await open();
    await page.click(SUBMIT);
    expect(await focusedText(page)).toContain('There is no photo yet');
    await page.click('[data-slot=problem] a');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('image');
    await page.setInputFiles('#image', photos.slice(0, 1));
    expect(await page.locator('[data-slot=problem]').textContent()).toBe('');
  });

  it('removes a photo and keeps the focus near', async () => {
    const page = await open();
    await page.setInputFiles('#image', photos.slice(0, 2));
    await page.getByRole('button', { name: 'Remove a.jpg' }).focus();
    await page.keyboard.press('Enter');
    expect(await focusedText(page)).toBe('Remove b.jpg');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('image');
  });

  it('tells what to do about a file that is no photo, and offers another choice', async () => {
    app.was.problem = new ProblemError('unsupported-image-format', { detected: 'text' });
    const page = await open();
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(['no photo'], 'notes.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
    });
    await page.click(SUBMIT);
    await untilStates(page, ['failed']);
    expect(await focusedText(page)).toContain('Send a photo as JPEG, PNG or WebP.');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose another photo' }).click();
    await chooser;
    expect(await states(page)).toEqual([]);
  });

  describe('compared', () => {
    it('stand in a table that leads to the cards, and can be saved as CSV', async () => {
      const page = await open();
      await sendPhotos(page, photos.slice(0, 2));
      await untilStates(page, ['answered', 'answered']);
      expect(await page.locator('.comparison tbody tr').allTextContents()).toEqual([
        'a.jpggoldfish87\u00a0%',
        'b.jpggoldfish87\u00a0%',
      ]);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download as CSV' }).click();
      const chunks: Buffer[] = [];
      for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
      const [header, first] = Buffer.concat(chunks).toString().split('\r\n');
      expect(header).toBe('\uFEFFphoto,decision,label,name,certainty,model,version,id');
      expect(first).toMatch(/^a\.jpg,label,n01443537,goldfish,0\.87,everyday-objects,1\.0\.0,[\da-f-]{36}$/);
      expect(browser.complaints).toEqual([]);
    });

    it('need no table when there is one', async () => {
      const page = await open();
      await sendPhotos(page, photos.slice(0, 1));
      await untilStates(page, ['answered']);
      expect(await page.isVisible('.comparison')).toBe(false);
    });
  });

  it('gives the answer as JSON without the key to its feedback, to save and to copy', async () => {
    app.was.classification = {
      ...app.was.classification,
      feedback: { token: 'a-token', expires: '2026-11-27T10:00:00.000Z' },
    };
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await sendPhotos(page, photos.slice(0, 1));
    await untilStates(page, ['answered']);
    await page.click('.details summary');
    const href = (await page.getAttribute('[data-part=json]', 'href')) ?? '';
    const answer = JSON.parse(decodeURIComponent(href.slice(href.indexOf(',') + 1))) as object;
    expect(answer).toMatchObject({ decision: 'label', score: 0.87, model: { version: '1.0.0' } });
    expect(answer).not.toHaveProperty('feedback');
    await page.click('[data-action=copy-json]');
    await page.waitForFunction(() => document.querySelector('[data-part=announcement]')?.textContent === 'Copied.');
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(answer);
  });

  it('answers a sample with one press', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Lemon' }).click();
    await untilStates(page, ['answered']);
    expect(await focusedText(page)).toBe('Goldfish, 87\u00a0% sure');
    expect(app.was.received).toHaveLength(1);
  });

  describe('large', () => {
    let large: PhotoFile;
    beforeAll(async () => (large = await colourPhoto('large.jpg', 5000, 2500)));

    it('are made smaller before they are sent, and the card says so', async () => {
      const page = await open();
      await sendPhotos(page, [large]);
      await untilStates(page, ['answered']);
      expect(await card(page, 'large.jpg').locator('[data-part=size]').textContent()).toMatch(
        /^5,000 × 2,500 pixels, .*; sent as 2,048 × 1,024 pixels/,
      );
      expect(app.was.received[0]).toBeLessThan(large.buffer.length);
    });

    it('go as they are when that is wished', async () => {
      const page = await open();
      await page.uncheck('[data-part=shrink]');
      await sendPhotos(page, [large]);
      await untilStates(page, ['answered']);
      expect(app.was.received).toEqual([large.buffer.length]);
    });
  });

  describe('remembered', () => {
    it('are the answers only when that is switched on, on this device, until it is switched off', async () => {
      const page = await open();
      await sendPhotos(page, photos.slice(0, 1));
      await untilStates(page, ['answered']);
      expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
      await page.check('[data-part=keep-history]');
      await page.waitForSelector('.history-list li');
      expect(await page.textContent('.history-list strong')).toBe('Goldfish, 87\u00a0% sure');
      expect(await page.getAttribute('.history-list img', 'src')).toMatch(/^data:image\/jpeg/);

      await page.reload();
      await page.waitForSelector('.history-list li');
      await page.uncheck('[data-part=keep-history]');
      await page.waitForSelector('.history-list', { state: 'hidden' });
      await page.reload();
      expect(await page.isChecked('[data-part=keep-history]')).toBe(false);
      expect(await page.locator('.history-list li').count()).toBe(0);
      expect(browser.complaints).toEqual([]);
    });

    it('are the last twelve, newest first, and are deleted at once', async () => {
      const page = await open();
      await page.check('[data-part=keep-history]');
      const many = await Promise.all(Array.from({ length: 14 }, (_, index) => colourPhoto(`${index}.jpg`, 20, 20)));
      await sendPhotos(page, many);
      await page.waitForFunction(() => document.querySelectorAll('[data-state=answered]').length === 14);
      await page.waitForFunction(() => document.querySelectorAll('.history-list li').length === 12);
      await page.click('[data-action=clear-history]');
      await page.waitForSelector('.history-list', { state: 'hidden' });
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('keep-history');
    });
  });

  describe('when the service or the network is gone', () => {
    it('wait for the connection and go out by themselves', async () => {
      const page = await open();
      await page.context().setOffline(true);
      await sendPhotos(page, photos.slice(0, 1));
      await untilStates(page, ['offline']);
      expect(await status(page)).toContain('You are offline.');
      await page.context().setOffline(false);
      await untilStates(page, ['answered']);
      expect(app.was.received).toHaveLength(1);
    });

    it('are sent again after the time that the service names, twice at most, with a countdown that can be cancelled', async () => {
      app.was.problem = new ProblemError('service-unavailable', { retryAfterSeconds: 5 });
      const page = await browser.newPage();
      await page.clock.install();
      await page.goto(app.url);
      await sendPhotos(page, photos.slice(0, 1));
      for (let attempt = 1; attempt <= 2; attempt++) {
        await untilStates(page, ['pausing']);
        expect(await page.textContent('[data-part=stage]')).toContain('Trying again in 5 s');
        await page.clock.runFor(1000);
        expect(await page.textContent('[data-part=stage]')).toContain('Trying again in 4 s');
        await page.clock.runFor(4000);
      }
      await untilStates(page, ['failed']);
      expect(app.was.received).toHaveLength(3);
      expect(await focusedText(page)).toContain('A part of the service is starting');

      await page.getByRole('button', { name: 'Try again' }).click();
      await untilStates(page, ['pausing']);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.clock.runFor(10_000);
      expect(await states(page)).toEqual(['ready']);
      expect(app.was.received).toHaveLength(4);
    });

    it.each([
      ['image-too-large', new ProblemError('image-too-large', { limitBytes: 15_000_000 }), 'Choose another photo'],
      ['image-undecodable', new ProblemError('image-undecodable', {}), 'Choose another photo'],
      ['too-many-requests', new ProblemError('too-many-requests', { retryAfterSeconds: 45 }), 'Try again'],
      ['model-missing', new ProblemError('model-missing', { retryAfterSeconds: 60 }), 'Try again'],
      ['deadline-exceeded', new ProblemError('deadline-exceeded', {}), 'Try again'],
    ])('say what to do next: %s', async (_code, problem, action) => {
      app.was.problem = problem;
      const page = await open();
      await sendPhotos(page, photos.slice(0, 1));
      await untilStates(page, ['failed']);
      expect(await focusedText(page)).toContain(problem.message);
      expect(await page.getByRole('button', { name: action }).isVisible()).toBe(true);
      expect(app.was.received).toHaveLength(1);
    });
  });

  it('asks before it is left while something is sent, and only then', async () => {
    let answer: () => void = () => undefined;
    app.was.gate = new Promise((resolve) => (answer = resolve));
    const page = await open();
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await sendPhotos(page, photos.slice(0, 1));
    await untilStates(page, ['looking']);
    await page.click('nav a[href="/model"]');
    await page.waitForFunction(() => document.readyState === 'complete');
    expect(asked).toEqual(['beforeunload']);
    answer();
    await untilStates(page, ['answered']);
    await page.click('nav a[href="/model"]');
    await page.waitForURL('**/model');
    expect(asked).toHaveLength(1);
  });

  it('is whole again after the back button', async () => {
    const page = await open();
    await sendPhotos(page, photos.slice(0, 1));
    await untilStates(page, ['answered']);
    await page.click('nav a[href="/model"]');
    await page.waitForURL('**/model');
    await page.goBack();
    const [cards, results] = await page.evaluate(() =>
      ['[data-part=photo]', '[data-part=photo] [data-part=result]'].map(
        (each) => document.querySelectorAll(each).length,
      ),
    );
    expect(cards).toBe(results);
    await sendPhotos(page, photos.slice(1, 2));
    await card(page, 'b.jpg').locator('[data-part=result]').waitFor();
  });

  it('moves nothing when answers arrive', async () => {
    let answer: () => void = () => undefined;
    app.was.gate = new Promise((resolve) => (answer = resolve));
    const page = await open({ viewport: { width: 1000, height: 1600 } });
    await sendPhotos(page, photos.slice(0, 2));
    await untilStates(page, ['looking', 'looking']);
    const places = () =>
      page.evaluate(() =>
        ['#photo-2', '.samples', '.history'].map(
          (each) => document.querySelector(each)?.getBoundingClientRect().top ?? 0,
        ),
      );
    const before = await places();
    answer();
    await untilStates(page, ['answered', 'answered']);
    const scrolled = await page.evaluate(() => scrollY);
    expect((await places()).map((top) => Math.round(top + scrolled))).toEqual(before.map(Math.round));
  });

  it.each([320, 640])('needs no scrolling sideways on %d pixels', async (width) => {
    const page = await open({ viewport: { width, height: 640 } });
    await sendPhotos(page, [...photos.slice(0, 2), { ...(await colourPhoto(`${'long-'.repeat(30)}.jpg`)) }]);
    await untilStates(page, ['answered', 'answered', 'answered']);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
