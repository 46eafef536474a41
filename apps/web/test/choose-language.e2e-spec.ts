import { ProblemError } from '@app/contracts';
import { listen, loadConfig } from '@app/platform';
import { request as httpRequest } from 'node:http';
import { createWebApp } from '../src/create-web-app';
import { WebConfig } from '../src/web.config';
import { PagesApp, startPagesApp } from './support/pages-app';

const KOREAN = { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.5' };

let app: PagesApp;
beforeAll(async () => (app = await startPagesApp()));
afterAll(() => app.close());
beforeEach(() => (app.was.problem = undefined));

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
}

async function languageOfPage(headers: Record<string, string>): Promise<string | undefined> {
  const html = await (await get('/', headers)).text();
  return /<html lang="(\w+)">/.exec(html)?.[1];
}

/** Where a request line leads, as it stands: fetch would tidy it up. */
function locationOf(target: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(app.url);
    httpRequest({ port, host: '127.0.0.1', path: target }, (response) => {
      response.resume();
      resolve(response.headers.location);
    })
      .on('error', reject)
      .end();
  });
}

describe('the language of a page', () => {
  it('is what the browser asks for, until somebody chooses another', async () => {
    expect(await languageOfPage({})).toBe('en');
    expect(await languageOfPage(KOREAN)).toBe('ko');
    expect(await languageOfPage({ ...KOREAN, cookie: 'theme=dark; lang=en' })).toBe('en');
    expect(await languageOfPage({ cookie: 'lang=ko' })).toBe('ko');
    expect(await languageOfPage({ ...KOREAN, cookie: 'lang=xx' })).toBe('ko');
    expect(await languageOfPage({ cookie: 'notlang=ko' })).toBe('en');
  });

  it('is named in the headers, with what it depends on', async () => {
    for (const path of ['/', '/status', '/nothing-here']) {
      const { headers } = await get(path, KOREAN);
      expect(headers.get('content-language')).toBe('ko');
      expect(headers.get('vary')).toMatch(/Accept-Language/);
      expect(headers.get('vary')).toMatch(/Cookie/);
    }
  });

  it('can be chosen by a link in the header, in the words of the other language', async () => {
    const link = /<a href="([^"]*)" lang="ko" hreflang="ko">한국어<\/a>/.exec(await (await get('/')).text());
    expect(link?.[1]).toBe('?lang=ko');
    const status = await (await get('/status?window=24h', KOREAN)).text();
    expect(status).toContain('<a href="?window=24h&amp;lang=en" lang="en" hreflang="en">English</a>');
  });
});

describe('choosing a language', () => {
  it('is kept for a year, without anything about the person, and leads back to the page', async () => {
    const response = await get('/status?window=24h&lang=ko');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/status?window=24h']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const [cookie, ...attributes] = (response.headers.get('set-cookie') ?? '').split('; ');
    expect(cookie).toBe('lang=ko');
    expect(attributes).toEqual(expect.arrayContaining(['Max-Age=31536000', 'Path=/', 'HttpOnly', 'SameSite=Lax']));
    expect(attributes).not.toContain('Secure');
  });

  it.each(['/', '/model', '/docs', '/problems/image-empty', '/nothing-here', '/classify', '/feedback/an-id'])(
    'works on %s',
    async (path) => {
      const response = await get(`${path}?lang=ko`);
      expect([response.status, response.headers.get('location')]).toEqual([303, path]);
    },
  );

  it('from what answered a form leads to the start page', async () => {
    const response = await get('/classify');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  });

  it.each([
    '//evil.example/?lang=ko',
    '/\\evil.example/?lang=ko',
    '///evil.example?lang=ko',
    '/%09/evil.example?lang=ko',
    '/..//evil.example?lang=ko',
    'http://evil.example/?lang=ko',
  ])('never leads to another host: %s', async (target) => {
    const location = await locationOf(target);
    if (location === undefined) return; // no page, no way
    expect(new URL(location, app.url).origin).toBe(app.url);
  });

  it.each(['/?lang=xx', '/?lang=', '/?lang=ko&lang=en', '/api/v1/model?lang=ko', '/openapi.json?lang=ko'])(
    'is nothing that %s does',
    async (path) => {
      const response = await get(path, { accept: '*/*' });
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(response.headers.get('content-language')).not.toBe('ko');
    },
  );

  it('is kept for HTTPS alone where the page came by it', async () => {
    const env = { LOG_LEVEL: 'silent', WEB_TRUST_PROXY: 'true', WEB_RATE_LIMIT_PER_MINUTE: '0' };
    const behindProxy = await createWebApp(loadConfig(WebConfig, env));
    const port = await listen(behindProxy, 0, '127.0.0.1');
    try {
      const response = await fetch(`http://127.0.0.1:${port}/?lang=ko`, {
        headers: { 'x-forwarded-proto': 'https' },
        redirect: 'manual',
      });
      expect(response.headers.get('set-cookie')).toMatch(/; Secure/);
    } finally {
      await behindProxy.close();
    }
  });
});

describe('the language of the API', () => {
  const PROGRAM = { accept: 'application/json' };

  async function problemOf(headers: Record<string, string>, path = '/api/v1/model') {
    const response = await get(path, { ...PROGRAM, ...headers });
    return { headers: response.headers, document: (await response.json()) as Record<string, unknown> };
  }

  it('is that of Accept-Language: title and detail follow it, type, code and values do not', async () => {
    app.was.problem = new ProblemError('model-missing', { retryAfterSeconds: 60 });
    const english = await problemOf({});
    const korean = await problemOf(KOREAN);
    const { title, detail, requestId, ...same } = english.document;
    expect(korean.document).toMatchObject({ ...same, title: '아직 모델이 없어요', status: 503 });
    expect(korean.document['detail']).toMatch(/^이 서비스에는 답할 모델이 없어요\. .*60초 뒤에/);
    expect([title, requestId]).toEqual(['There is no model yet', expect.any(String)]);
    expect(detail).toBe(app.was.problem.message);
    expect([english, korean].map(({ headers }) => headers.get('content-language'))).toEqual(['en', 'ko']);
    expect(korean.headers.get('vary')).toContain('Accept-Language');
  });

  it('is never that of a page', async () => {
    app.was.problem = new ProblemError('model-missing', { retryAfterSeconds: 60 });
    const { headers, document } = await problemOf({ cookie: 'lang=ko' });
    expect(document['title']).toBe('There is no model yet');
    expect(headers.get('vary')).not.toContain('Cookie');
  });

  it('is also that of what is wrong with parameters', async () => {
    const { document } = await problemOf(KOREAN, '/api/v1/status?window=2h');
    expect(document).toMatchObject({
      code: 'invalid-parameter',
      detail: 'window: 다음 중 하나여야 해요: 5m, 1h, 24h, 7d.',
      errors: [
        {
          parameter: 'window',
          rule: 'one-of',
          allowed: ['5m', '1h', '24h', '7d'],
          message: '다음 중 하나여야 해요: 5m, 1h, 24h, 7d',
        },
      ],
    });
  });

  it('is also that of each image of a batch, and of how the tiers are', async () => {
    app.was.problem = new ProblemError('image-undecodable', {});
    const body = new FormData();
    body.append('images', new Blob(['x']), 'photo.jpg');
    const headers = { ...PROGRAM, ...KOREAN };
    const batch = await fetch(`${app.url}/api/v1/classifications/batch`, { method: 'POST', body, headers });
    expect(await batch.json()).toMatchObject({ results: [{ problem: { title: '사진을 열 수 없어요' } }] });
    expect((await get('/api/v1/status', headers)).headers.get('content-language')).toBe('ko');
  });
});
