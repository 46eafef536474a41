// What a person reads or hears of a page that the server wrote: texts, and attributes that are shown or read out.

const TOKEN = /<!doctype[^>]*>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([\w:-]+)(?:="([^"]*)")?/g;
const VOID = new Set(['meta', 'link', 'input', 'img', 'br']);
const READ_ATTRIBUTES = ['alt', 'title', 'aria-label', 'placeholder', 'label', 'data-text'];
/** Code stays as it is in every language. */
const UNREAD_ELEMENTS = new Set(['code', 'pre', 'script', 'style']);

/** The texts of a document or of a part of one; without code, and without what is marked as another language. */
export function visibleTexts(html: string): string[] {
  const texts: string[] = [];
  const open: { readonly name: string; readonly isRead: boolean }[] = [];
  const isRead = () => open.at(-1)?.isRead ?? true;
  let language: string | undefined;
  for (const [, closed, name, attributes = '', isClosed, text] of html.matchAll(TOKEN)) {
    if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element`);
    } else if (text !== undefined) {
      if (isRead()) texts.push(decode(text));
    } else if (name !== undefined) {
      const values = new Map(
        [...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, decode(value)]),
      );
      language ??= values.get('lang');
      const isForeign = values.has('lang') && values.get('lang') !== language;
      const element = { name, isRead: isRead() && !isForeign && !UNREAD_ELEMENTS.has(name) };
      if (element.isRead) texts.push(...readAttributes(values));
      if (!VOID.has(name) && isClosed === '') open.push(element);
    }
  }
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

function readAttributes(values: ReadonlyMap<string, string>): string[] {
  const scripted = values.get('data-texts');
  return [
    ...READ_ATTRIBUTES.flatMap((name) => values.get(name) ?? []),
    ...(scripted === undefined ? [] : stringsIn(JSON.parse(scripted))),
  ];
}

/** All strings of a JSON value. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function decode(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
  return text.replace(/&(lt|gt|quot|amp|#39);/g, (entity, name: string) => characters[name] ?? entity);
}
