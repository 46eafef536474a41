import { LANGUAGES } from '@app/contracts';
import { TEXTS, Texts } from '../src/pages/texts';
import { DATA, EVERY_PAGE, pageIn } from './support/every-page';
import { PagesApp, startPagesApp } from './support/pages-app';
import { visibleTexts } from './support/visible-texts';

// Nothing that a person reads stands outside the texts of a language: a language in which every text is in brackets
// leaves no letter without. And a page in Korean has no English left.

/** Terms that Korean writes in Latin letters. */
const LATIN_IN_KOREAN =
  /(?<![a-z])(Accept-Language|API|AVIF|boundary|CSV|Ctrl\+F|ECE|F1|false|GET|GIF|HEAD|HTTP|id|iPod|JPEG|JSON|kB|MB|ms|multipart|OpenAPI|other|jpg|PNG|RAW|true|UTC|WebP)(?![a-z])|\{\w+\}|(image|text|application)\/[\w.+*-]+/gi;

/** Names of parameters and fields, as programs write them. */
const CODE = /"image"|(right|window): /g;

let app: PagesApp;
beforeEach(async () => (app = await startPagesApp()));
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

function withoutData(text: string): string {
  return DATA.reduce((rest, data) => rest.replaceAll(new RegExp(escaped(data), 'gi'), ''), text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The same texts in brackets, also those that functions make. */
function bracketed(value: unknown): unknown {
  if (typeof value === 'string') return `[${value}]`;
  if (typeof value === 'function') {
    return (...parameters: readonly unknown[]) =>
      bracketed((value as (...all: readonly unknown[]) => unknown)(...parameters));
  }
  if (Array.isArray(value)) return value.map(bracketed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === 'language' ? 'ko' : bracketed(each)]),
  );
}

/** What is left without the innermost brackets, time and again. */
function outsideBrackets(text: string): string {
  const rest = text.replace(/\[[^[\]]*\]/g, '');
  return rest === text ? rest : outsideBrackets(rest);
}

async function findings(offends: (text: string) => boolean): Promise<string[]> {
  const found = new Set<string>();
  for (const state of EVERY_PAGE) {
    // An answer about the tiers serves for a second, so each state of theirs has an app of its own.
    const ownApp = state.path.startsWith('/status') ? await startPagesApp() : undefined;
    const html = await pageIn(ownApp ?? app, state, { 'accept-language': 'ko' });
    await ownApp?.close();
    const texts = visibleTexts(html);
    if (texts.length === 0) found.add(`${state.name}: empty`);
    for (const text of texts) if (offends(text)) found.add(`${state.name}: ${text}`);
  }
  return [...found];
}

describe('the pages, in every state', () => {
  it('say nothing that is not a text of their language', async () => {
    jest.replaceProperty(TEXTS, 'ko', bracketed(TEXTS.en) as Texts);
    expect(await findings((text) => /\p{L}/u.test(withoutData(outsideBrackets(text))))).toEqual([]);
  }, 60_000);

  it('have no English left in Korean', async () => {
    const isEnglish = (text: string) =>
      /[a-z]{2,}/i.test(withoutData(text).replace(CODE, '').replace(LATIN_IN_KOREAN, ''));
    expect(await findings(isEnglish)).toEqual([]);
  }, 60_000);

  it('say in which language they are', async () => {
    for (const language of LANGUAGES) {
      const html = await pageIn(app, { name: '', path: '/' }, { 'accept-language': language });
      expect(html).toContain(`<html lang="${language}">`);
    }
  });
});
