import { Response } from 'express';
import { createHash } from 'node:crypto';
import { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { languageOf, nameLanguage } from '../language';

/** `private`: holds what one person sent, or the state of this moment. `revalidate`: a browser asks whether it changed. */
export type PageCaching = 'private' | 'revalidate';

/** The document of a page, or a part of a page as it is. */
export function renderHtml(view: VNode, kind: 'page' | 'part' = 'page'): string {
  return kind === 'page' ? `<!doctype html>${renderToString(view)}` : renderToString(view);
}

/** Sends what `renderHtml` gave, with the response's status; 304 to a browser that has this very page. */
export function sendHtml(response: Response, html: string, caching: PageCaching): void {
  nameLanguage(response, languageOf(response.req));
  response.setHeader('cache-control', caching === 'private' ? 'no-store' : 'no-cache');
  if (caching === 'revalidate') {
    response.setHeader('etag', `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 16)}"`);
  }
  response.type('html').send(html);
}

/** Sends what a script asked for to place it in a page that is open, or the whole page; neither is kept by anyone. */
export function sendPartOrPage(response: Response, isPart: boolean, part: VNode, page: VNode): void {
  if (isPart) sendPart(response, part);
  else sendHtml(response, renderHtml(page), 'private');
}

/** Sends a part of a page; nobody keeps it. */
export function sendPart(response: Response, part: VNode): void {
  sendHtml(response, renderHtml(part, 'part'), 'private');
}
