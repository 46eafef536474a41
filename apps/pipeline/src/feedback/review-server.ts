/**
 * Serves the review page to the browser of this machine. Whoever does not know the token in its address gets nothing: pages of
 * other sites and other users of the machine. Knows HTTP, not what is decided.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { CommandError } from '../command.error';
import { codeOf, reasonOf } from '../reason-of';
import { anchorOf, REVIEW_STYLE, reviewPage, Shown } from './review-page';
import { ReviewSession } from './review-session';

const HOST = '127.0.0.1';
/** Of a form: an id and two names. */
const MAX_FORM_BYTES = 16_384;
const PHOTO_PATH = /^photos\/([0-9a-f]{64})\.jpg$/;

const STYLE_HASH = createHash('sha256').update(REVIEW_STYLE).digest('base64');
const HEADERS = {
  'content-security-policy': `default-src 'none'; img-src 'self'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // The token is in the address. Not `no-referrer`: then forms come without their origin.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

export class ReviewServer {
  readonly #token = randomBytes(24).toString('base64url');

  private constructor(
    private readonly session: ReviewSession,
    private readonly server: Server,
  ) {}

  /** Port 0: any that is free. Throws a `CommandError` when the port is taken. */
  static async start(session: ReviewSession, port: number): Promise<ReviewServer> {
    const server = createServer();
    const review = new ReviewServer(session, server);
    server.on('request', (request, response) => void review.#handle(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    }).catch((error: unknown) => {
      throw new CommandError(
        codeOf(error) === 'EADDRINUSE'
          ? `Port ${port} is taken. Name another with --port, or leave it out.`
          : `The page cannot be served on port ${port} (${reasonOf(error)}).`,
      );
    });
    return review;
  }

  get url(): string {
    return `${this.#origin}/${this.#token}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get #origin(): string {
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}`; // it listens on a port
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      send(response, 500, `It did not work: ${reasonOf(error)}\n`);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#origin);
    const [, token = '', ...rest] = url.pathname.split('/');
    const path = rest.join('/');
    const shown: Shown = url.searchParams.get('show') === 'decided' ? 'decided' : 'open';
    if (!this.#isOurs(request, token)) {
      send(response, 404, 'Open the address that the command has written.\n');
      return;
    }
    if (request.method === 'POST' && path === 'decide') return this.#decide(request, response, shown);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      send(response, 405, 'That cannot be done.\n');
      return;
    }
    if (path === '') {
      const decided = url.searchParams.get('decided') ?? '';
      sendPage(response, 200, reviewPage(this.session.facts(shown, { decided })));
      return;
    }
    const [, image] = PHOTO_PATH.exec(path) ?? [];
    const photo = image === undefined ? undefined : await this.session.photoOf(image);
    if (photo === undefined) {
      send(response, 404, 'There is no such page or photo.\n');
      return;
    }
    response.writeHead(200, { ...HEADERS, 'content-type': 'image/jpeg' }).end(photo);
  }

  async #decide(request: IncomingMessage, response: ServerResponse, shown: Shown): Promise<void> {
    const form = await formOf(request);
    if (form === undefined) {
      send(response, 413, 'That is more than the form of the page sends.\n');
      return;
    }
    const field = (name: string) => form.get(name) ?? '';
    const sent = { id: field('id'), decision: field('decision'), label: field('label'), newLabel: field('newLabel') };
    const neighbour = this.session.neighbour(shown, sent.id);
    const answer = (status: number, sentence: string) => {
      sendPage(response, status, reviewPage(this.session.facts(shown, { problem: { sentence, sent } })));
    };
    try {
      const fault = await this.session.decide(sent);
      if (fault !== undefined) {
        answer(422, fault);
        return;
      }
    } catch (error) {
      answer(500, `It was not kept: ${reasonOf(error)}`);
      return;
    }
    // Reloading the page sends nothing again. What is next has the focus, whether it is still there or has moved up.
    const query = new URLSearchParams({ ...(shown === 'open' ? {} : { show: shown }), decided: sent.id }).toString();
    const next = shown === 'decided' ? sent.id : neighbour;
    const location = `./?${query}${next === undefined ? '' : `#${anchorOf(next)}`}`;
    response.writeHead(303, { ...HEADERS, location }).end();
  }

  /** The name of the host keeps out sites whose name was made to lead here; the origin, forms of other pages. */
  #isOurs({ headers }: IncomingMessage, token: string): boolean {
    const [given, expected] = [token, this.#token].map((text) => createHash('sha256').update(text).digest());
    const knowsToken = given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
    const isOurOrigin = headers.origin === undefined || headers.origin === this.#origin;
    return knowsToken && isOurOrigin && `http://${headers.host ?? ''}` === this.#origin;
  }
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(page);
}

function send(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(sentence);
}

/** Undefined when it is larger than any of ours. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
