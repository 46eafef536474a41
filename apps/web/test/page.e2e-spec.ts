import { ProblemError } from '@app/contracts';
import { BrowserContextOptions, Page } from 'playwright-core';
import { DRIFT, MONITOR_SUMMARY } from './support/monitor-answers';
import { describeInBrowser, SKIPPED_WITHOUT } from '../../../test/support/describe-in-browser';
import { colourPhoto, focusedText, PageBrowser, PhotoFile } from '../../../test/support/page-browser';
import { CLASSIFICATION, FEEDBACK, PagesApp, startPagesApp } from './support/pages-app';

// The pages in a real browser, with and without scripts. Several photos at once are in upload.e2e-spec.ts.

const SUBMIT = 'form[data-texts] button[type=submit]';

describeInBrowser(`the pages in Chromium (${SKIPPED_WITHOUT})`, () => {
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

  beforeEach(() => app.was.reset());
  afterEach(() => browser.reset());

  const open = (path = '/', options: BrowserContextOptions = {}) => browser.open(`${app.url}${path}`, options);

  async function send(page: Page, selector: string): Promise<void> {
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector(selector);
  }

  it('shows the chosen photo and its answer without leaving the page', async () => {
    const page = await open();
    await page.setInputFiles('#image', photo);
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.preview img')?.naturalWidth === 400);
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=result] h3');

    expect(await focusedText(page)).toBe('Goldfish, 87\u00a0% sure');
    expect(await page.title()).toBe('Goldfish, 87\u00a0% sure - Image classifier');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(app.was.received).toEqual([photo.buffer.length]);
    expect(browser.complaints).toEqual([]);
  });

  it('lays the map of where the model looked exactly over the photo', async () => {
    const page = await open();
    await send(page, '[data-part=result] h3');
    expect(await page.isVisible('.preview .heatmap')).toBe(false);
    await page.click('.looked summary');
    await page.waitForSelector('.preview .heatmap', { state: 'visible' });
    const [picture, map] = await Promise.all(
      ['.preview img', '.preview .heatmap'].map((selector) => page.locator(selector).boundingBox()),
    );
    expect(map).toEqual(picture);
    expect(await page.textContent('.looked')).toContain('The model looked mostly at the upper left');
    expect(browser.complaints).toEqual([]);
  });

  it('shows a refusal with the focus on it, keeps the photo, and answers when it is sent again', async () => {
    app.was.problem = new ProblemError('image-undecodable', {});
    const page = await open();
    await send(page, '[data-part=photo] [data-part=problem]');
    expect(await focusedText(page)).toContain(app.was.problem.message);
    expect(await page.title()).toBe('Error: The image cannot be decoded - Image classifier');

    app.was.problem = undefined;
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=result] h3');
    expect(browser.complaints).toEqual([]);
  });

  it('refuses a file over the limit with the sentence of the server, before it is sent', async () => {
    const page = await open();
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(15_000_001)], 'large.jpg', { type: 'image/jpeg' }));
      const input = document.querySelector<HTMLInputElement>('#image');
      if (input) input.files = files.files;
      input?.dispatchEvent(new Event('change'));
    });
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=photo] [data-part=problem]');
    expect(await focusedText(page)).toContain('An image may have at most 15 MB.');
    expect(app.was.received).toEqual([]);
  });

  it('tries again by itself, then says what to do when the service cannot be reached', async () => {
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(app.url);
    await page.route('**/classify*', (route) => route.abort());
    await page.setInputFiles('#image', photo);
    await page.click(SUBMIT);
    for (let attempt = 1; attempt <= 2; attempt++) {
      await page.waitForSelector('[data-state=pausing]');
      await page.clock.runFor(3000);
    }
    await page.waitForSelector('[data-part=photo] [data-part=problem]');
    expect(await focusedText(page)).toContain('The photo is still here. Check your connection');
  });

  it('shows none of what a proxy answers in place of the service', async () => {
    const page = await open();
    await page.route('**/classify*', (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
    );
    await send(page, '[data-part=photo] [data-part=problem]');
    expect(await page.textContent('main')).not.toContain('Bad Gateway');
    expect(await focusedText(page)).toContain('No usable answer came back');
  });

  it('sends a photo once however often the button is pressed, and stops when it is cancelled', async () => {
    let answer: () => void = () => undefined;
    app.was.gate = new Promise((resolve) => (answer = resolve));
    const page = await open();
    await page.setInputFiles('#image', photo);
    await page.evaluate(() => {
      const form = document.querySelector('form');
      form?.requestSubmit();
      form?.requestSubmit();
    });
    await page.waitForFunction(() => document.querySelector('[data-part=stage]')?.textContent.startsWith('Looking'));
    expect(await page.textContent('[role=status]')).toBe('Looking at the photo …');
    await page.click(SUBMIT);
    expect(await page.textContent('[data-slot=problem]')).toBe('');

    await page.click('[data-action=cancel]');
    expect(await page.textContent('[role=status]')).toContain('Cancelled');
    expect(await page.isVisible('progress')).toBe(false);
    expect(app.was.received).toHaveLength(1);

    answer();
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=result] h3');
  });

  it.each(['drop', 'paste'])('takes a photo by %s', async (way) => {
    const page = await open();
    await page.evaluate((way) => {
      const files = new DataTransfer();
      files.items.add(new File(['not really a photo'], 'dropped.jpg', { type: 'image/jpeg' }));
      const form = document.querySelector('form');
      const event =
        way === 'drop'
          ? new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true });
      form?.dispatchEvent(event);
    }, way);
    expect(await page.textContent('[data-part=name]')).toBe('dropped.jpg');
    await page.click(SUBMIT);
    await page.waitForSelector('[data-part=result] h3');
    expect(app.was.received).toEqual(['not really a photo'.length]);
  });

  it('shows what is over the page while a file is dragged', async () => {
    const page = await open();
    const drag = (type: string) =>
      page.evaluate((type) => {
        const files = new DataTransfer();
        files.items.add(new File(['x'], 'dragged.jpg'));
        document.querySelector('main')?.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true }));
      }, type);
    await drag('dragenter');
    expect(await page.textContent('[role=status]')).toBe('Drop the photos here');
    await drag('dragleave');
    expect(await page.textContent('[role=status]')).toBe('');
  });

  describe('feedback', () => {
    const path = `/v1/feedback/${CLASSIFICATION.id}`;
    beforeEach(() => (app.was.classification = { ...CLASSIFICATION, feedback: FEEDBACK }));

    it('goes without leaving the page, with the photo that is still there, and can be taken back', async () => {
      const page = await open();
      await send(page, '.feedback');
      expect(await page.isVisible('.feedback select')).toBe(false);
      await page.check('[name=right][value=false]');
      await page.selectOption('.feedback select', 'n07747607');
      await page.check('[name=consent]');
      expect(await page.locator('.feedback [type=file]').count()).toBe(0);
      await page.click('.feedback [type=submit]');
      await page.waitForSelector('.note');

      expect(await focusedText(page)).toContain('Your answer and a copy of your photo are kept.');
      await page.click('.note [type=submit]');
      await page.waitForFunction(() => document.activeElement?.textContent.includes('Nothing of it is kept'));
      expect(app.was.feedback).toEqual([
        `POST ${path}?right=false&consent=true&label=n07747607 ${FEEDBACK.token} ${photo.buffer.length}`,
        `DELETE ${path} ${FEEDBACK.token} 0`,
      ]);
      expect(new URL(page.url()).pathname).toBe('/');
      expect(browser.complaints).toEqual([]);
    });

    it('says what is wrong and keeps what was said, and sends it again', async () => {
      const page = await open();
      await send(page, '.feedback');
      await page.check('[name=right][value=true]');
      await page.context().setOffline(true);
      await page.click('.feedback [type=submit]');
      await page.waitForSelector('.feedback .problem');
      expect(await focusedText(page)).toContain('Your feedback did not arrive');

      await page.context().setOffline(false);
      app.was.problem = new ProblemError('feedback-unavailable', { retryAfterSeconds: 30 });
      await page.click('.feedback [type=submit]');
      await page.waitForFunction(() => document.activeElement?.textContent.includes('cannot be kept right now'));
      expect(await page.locator('.feedback .problem').count()).toBe(1);

      app.was.problem = undefined;
      await page.click('.feedback form.card [type=submit]');
      await page.waitForSelector('.note');
      expect(app.was.feedback.at(-1)).toBe(`POST ${path}?right=true&consent=false ${FEEDBACK.token} 0`);
      expect(browser.complaints).toEqual([]);
    });

    it('without scripts asks for the photo again, with consent only', async () => {
      const page = await open('/', { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
      await send(page, '.feedback');
      expect(await page.isVisible('.feedback [type=file]')).toBe(false);
      await page.check('[name=right][value=true]');
      await page.check('[name=consent]');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      await page.setInputFiles('.feedback [type=file]', photo);
      await page.click('.feedback [type=submit]');
      await page.waitForSelector('h1.note-title');
      await page.click('.note [type=submit]');
      await page.waitForSelector('text=Taken back');
      expect(app.was.feedback).toHaveLength(2);
      expect(app.was.feedback[0]).toMatch(new RegExp(` ${photo.buffer.length}$`));
      expect(browser.complaints).toEqual([]);
    });
  });

  describe('without scripts', () => {
    const options = { javaScriptEnabled: false };

    it('answers with a page of its own', async () => {
      const page = await open('/', options);
      await send(page, 'h1.result-heading');
      expect(await page.textContent('h1')).toBe('Goldfish, 87\u00a0% sure');
      await page.click('.looked summary');
      expect(await page.isVisible('.looked .heatmap')).toBe(true);
      expect(await page.isVisible('form')).toBe(true);
      expect(browser.complaints).toEqual([]);
    });

    it('answers several photos on one page, in their order, and says which have no answer', async () => {
      const other = await colourPhoto('두 번째.jpg', 200, 200);
      app.was.problemOf = (sent) => (sent.equals(other.buffer) ? new ProblemError('image-undecodable', {}) : undefined);
      const page = await open('/', options);
      await page.setInputFiles('#image', [photo, other, { ...photo, name: 'third.jpg' }]);
      await page.click(SUBMIT);
      expect(await page.textContent('h1')).toBe('2 of 3 photos have an answer');
      expect(await page.locator('tbody tr').allTextContents()).toEqual([
        'photo.jpggoldfish87\u00a0%',
        '두 번째.jpgThe image cannot be decoded–',
        'third.jpggoldfish87\u00a0%',
      ]);
      expect(await page.locator('.photo h2').allTextContents()).toEqual([
        'Goldfish, 87\u00a0% sure',
        'The image cannot be decoded',
        'Goldfish, 87\u00a0% sure',
      ]);
      expect(browser.complaints).toEqual([]);
    });

    it('answers a sample', async () => {
      const page = await open('/', options);
      await page.getByRole('button', { name: 'Lighthouse' }).click();
      expect(await page.textContent('h1')).toBe('Goldfish, 87\u00a0% sure');
      expect(await page.isVisible('[data-part=keep-history]')).toBe(false);
    });

    it('shows a refusal above the form', async () => {
      app.was.problem = new ProblemError('unsupported-image-format', { detected: 'gif' });
      const page = await open('/', options);
      await send(page, '[data-part=problem]');
      expect(await page.textContent('[data-part=problem]')).toContain('Send a photo as JPEG, PNG or WebP.');
      expect(await page.isVisible('form')).toBe(true);
    });
  });

  it('keeps the status up to date without loading the page again', async () => {
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(`${app.url}/status?window=5m`);
    await page.click('#rate-table summary');
    app.was.monitor = { summary: { ...MONITOR_SUMMARY, events: 1700 }, drift: DRIFT };
    await new Promise((resolve) => setTimeout(resolve, 1100)); // an answer serves for a second
    await page.evaluate(() => document.body.setAttribute('data-same', ''));
    await page.clock.fastForward(10_000);
    await page.waitForSelector('body[data-same] .verdict-drift');
    await page.waitForSelector('#rate-table[open]');
    expect(await page.textContent('#figures')).toContain('1,700');
  });

  it.each(['/', '/model', '/status', '/problems/image-too-large', '/nothing-here'])(
    'shows %s without complaint, and without scrolling sideways on 320 pixels',
    async (path) => {
      const page = await open(path, { viewport: { width: 320, height: 640 } });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(browser.complaints).toEqual([]);
    },
  );

  it('shows a result without scrolling sideways on 320 pixels', async () => {
    const page = await open('/', { viewport: { width: 320, height: 640 } });
    await send(page, '[data-part=result] h3');
    await page.click('summary');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it('shows the documentation of the API from our own origin', async () => {
    const page = await open('/docs');
    await page.click('.opblock-summary');
    await page.waitForSelector('.opblock-body');
    expect(browser.complaints).toEqual([]);
  });
});
