import { Browser, BrowserContextOptions, chromium, Page } from 'playwright-core';
import sharp from 'sharp';

// A real browser on the pages of a gateway, and what it complains about.

/** Where its program is. */
export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export interface PhotoFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export class PageBrowser {
  /** What the browser complained about, its content security policy included. */
  complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<PageBrowser> {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    return new PageBrowser(await chromium.launch({ executablePath: CHROMIUM, args }));
  }

  async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.newPage(options);
    await page.goto(url);
    return page;
  }

  /** Not yet anywhere. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.browser.newContext(options)).newPage();
    page.on('console', (message) => {
      // The browser notes every reply that is a refusal; the page is to show it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    return page;
  }

  /** Closes what a test has opened, and forgets its complaints. */
  async reset(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    this.complaints = [];
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** A JPEG of one colour. */
export async function colourPhoto(name: string, width = 400, height = 300, background = 'orange'): Promise<PhotoFile> {
  const buffer = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return { name, mimeType: 'image/jpeg', buffer };
}

export function focusedText(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent);
}

/** Writes a screenshot of the whole page to the folder that `SCREENSHOTS` names, where somebody wants to look at it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w-]+/g, '_')}.png`, fullPage: true });
}
