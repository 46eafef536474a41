import { Response } from 'express';
import { createHash } from 'node:crypto';
import { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** `private`: holds what one person sent, or the state of this moment. `revalidate`: a browser asks whether it changed. */
export type PageCaching = 'private' | 'revalidate';

/** Renders a whole document and sends it with the response's status. */
export function sendPage(response: Response, page: VNode, caching: PageCaching): void {
  sendHtml(response, `<!doctype html>${renderToString(page)}`, caching);
}

/** Renders a part of a page, for a script to place. */
export function sendFragment(response: Response, fragment: VNode): void {
  sendHtml(response, renderToString(fragment), 'private');
}

function sendHtml(response: Response, html: string, caching: PageCaching): void {
  response.vary('accept');
  response.vary('accept-language');
  if (caching === 'private') {
    response.setHeader('cache-control', 'no-store');
  } else {
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('etag', `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 16)}"`);
  }
  response.type('html').send(html); // Express answers 304 to a browser that has this very page
}
