import { DEFAULT_LANGUAGE, Language, LANGUAGES } from '@app/contracts';
import { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';

/** The language that the client likes best of those the product speaks, by `Accept-Language`. */
export function languageOf(request: IncomingMessage): Language {
  const preferred = new Negotiator(request).language([...LANGUAGES]);
  return LANGUAGES.find((language) => language === preferred) ?? DEFAULT_LANGUAGE;
}
