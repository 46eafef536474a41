import { DEFAULT_LANGUAGE, Language, LANGUAGES } from '@app/contracts';
import { Request, RequestHandler, Response } from 'express';
import { isForPrograms } from './for-programs';

const COOKIE = 'lang';
const COOKIE_AGE_MS = 365 * 24 * 3_600_000;

/** The language of the reply: on pages the one that was chosen, else the one among ours that the client likes best, else English. */
export function languageOf(request: Request): Language {
  const chosen = isForPrograms(request.path) ? undefined : chosenLanguage(request);
  const accepted = request.acceptsLanguages([...LANGUAGES]);
  return chosen ?? LANGUAGES.find((language) => language === accepted) ?? DEFAULT_LANGUAGE;
}

/** Says in which language a reply is, and that another client might get another one. */
export function nameLanguage(response: Response, language: Language): void {
  response.setHeader('content-language', language);
  response.vary('Accept-Language');
  if (!isForPrograms(response.req.path)) response.vary('Cookie');
}

/**
 * Takes the links that choose a language: `?lang=ko` on any page is kept in a cookie and leads back to the page. The way
 * back is a path here and nothing else, whatever was asked for.
 */
export function chooseLanguage(): RequestHandler {
  return (request, response, next) => {
    const url = URL.parse(request.originalUrl, 'http://localhost');
    const language = LANGUAGES.find((known) => known === url?.searchParams.get('lang'));
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (url === null || language === undefined || !isRead || isForPrograms(url.pathname)) {
      next();
      return;
    }
    response.cookie(COOKIE, language, {
      maxAge: COOKIE_AGE_MS,
      sameSite: 'lax',
      httpOnly: true,
      secure: request.secure,
    });
    response.setHeader('cache-control', 'no-store');
    url.searchParams.delete('lang');
    response.redirect(303, url.pathname.replace(/^\/+/, '/') + url.search); // `//host` would leave for another host
  };
}

function chosenLanguage(request: Request): Language | undefined {
  const [, chosen] = /(?:^|;\s*)lang=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
  return LANGUAGES.find((language) => language === chosen);
}
