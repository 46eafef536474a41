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
    const [path = ''] = request.originalUrl.split('?', 1); // Nest hides from a middleware the path that it is for
    const language = LANGUAGES.find((known) => known === request.query['lang']);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (language === undefined || !isRead || isForPrograms(path)) {
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
    response.redirect(303, withoutLanguage(request.originalUrl));
  };
}

/** The address without the choice. Slashes in front of a path would make a host of what follows. */
function withoutLanguage(address: string): string {
  const [path = '', query = ''] = address.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.delete('lang');
  return `/${path.replace(/^[/\\]+/, '')}${parameters.size > 0 ? `?${parameters.toString()}` : ''}`;
}

function chosenLanguage(request: Request): Language | undefined {
  const [, chosen] = /(?:^|;\s*)lang=([\w-]+)/.exec(request.headers.cookie ?? '') ?? [];
  return LANGUAGES.find((language) => language === chosen);
}
