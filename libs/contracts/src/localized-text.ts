// Texts in the languages the product speaks. English is always there and stands in for what is missing.

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];
export const DEFAULT_LANGUAGE = 'en' satisfies Language;

/** A text by language, for example `{ en: 'goldfish', ko: '금붕어' }`. */
export type LocalizedText = { readonly [DEFAULT_LANGUAGE]: string } & { readonly [L in Language]?: string };

export function localize(text: LocalizedText, language: Language): string {
  return text[language] ?? text[DEFAULT_LANGUAGE];
}
