import { DEFAULT_LANGUAGE, Language, LANGUAGES } from '@app/contracts';
import { Request, Response } from 'express';

/** The language that the client likes best among ours; English when it likes none of them. */
export function languageOf(request: Request): Language {
  const accepted = request.acceptsLanguages([...LANGUAGES]);
  return LANGUAGES.find((language) => language === accepted) ?? DEFAULT_LANGUAGE;
}

/** Says in which language a reply is, and that another client might get another one. */
export function nameLanguage(response: Response, language: Language): void {
  response.setHeader('content-language', language);
  response.vary('Accept-Language');
}
