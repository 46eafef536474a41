import { LANGUAGES, MAX_IMAGE_BYTES, PROBLEM_CATALOGUE, ProblemCode, ProblemError } from '@app/contracts';
import { exampleOf } from '../src/pages/problem-examples';
import { textsIn } from '../src/pages/texts';
import {
  CLASSIFICATION,
  EVALUATED_MODEL,
  FEEDBACK,
  LARGE_MODEL,
  MODEL,
  PagesApp,
  startPagesApp,
} from './support/pages-app';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let app: PagesApp;
beforeAll(async () => (app = await startPagesApp()));
afterAll(() => app.close());
beforeEach(() => app.was.reset());

function get(path: string, headers: Record<string, string> = BROWSER): Promise<Response> {
  return fetch(`${app.url}${path}`, { headers, redirect: 'manual' });
}

function send(path: string, { bytes = 10, fields = {} }: { bytes?: number; fields?: Record<string, string> } = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (bytes > 0) form.append('image', new Blob([new Uint8Array(bytes)]), 'photo.jpg');
  return fetch(`${app.url}${path}`, { method: 'POST', body: form, headers: BROWSER });
}

describe('the start page', () => {
  it('is a form that needs no script', async () => {
    const html = await (await get('/')).text();
    expect(html).toMatch(/<form[^>]* method="post" enctype="multipart\/form-data" action="\/classify"/);
    expect(html).toMatch(
      /<input id="image" name="image" type="file" multiple accept="image\/jpeg,image\/png,image\/webp"/,
    );
    expect(html).toMatch(/<input id="camera" name="image" type="file" accept="[^"]*" capture="environment"/);
    expect(html).toMatch(/<input type="hidden" name="heatmap" value="true"/);
    expect(html).not.toMatch(/<script(?![^>]* src="\/)| on\w+=| style=/);
  });

  it('says what the model knows, and works when the model cannot be asked', async () => {
    expect(await (await get('/')).text()).toContain('<a href="/model">2 things</a>');
    app.was.problem = new ProblemError('model-unavailable', { retryAfterSeconds: 5 });
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<form');
  });

  it('says that there is no model yet, and why a photo got no answer', async () => {
    app.was.problem = new ProblemError('model-missing', { retryAfterSeconds: 60 });
    const sentence = 'There is no model yet.</strong> This service has no model to ask: none was deployed';
    expect(await (await get('/')).text()).toContain(sentence);
    const response = await send('/classify');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
    expect(await response.text()).toContain('This service has no model to ask');
  });

  it('gives the script the sentences of the API', async () => {
    const html = await (await get('/')).text();
    const problem = new ProblemError('image-too-large', { limitBytes: MAX_IMAGE_BYTES });
    expect(html).toContain(problem.message);
  });

  it('is not sent again to a browser that has it', async () => {
    const etag = (await get('/')).headers.get('etag') ?? '';
    const conditions = { 'if-none-match': etag, 'cache-control': 'max-age=0' }; // fetch would send no-cache
    expect((await get('/', { ...BROWSER, ...conditions })).status).toBe(304);
  });
});

describe('a photo sent by the form', () => {
  it('is answered with a whole page that nobody stores', async () => {
    const response = await send('/classify');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('<title>Goldfish, 87\u00a0% sure - Image classifier</title>');
    expect(html).toMatch(/<h1[^>]*>Goldfish, 87\u00a0% sure<\/h1>/);
    expect(html).toContain('<form');
  });

  it('is answered with where the model looked when the form asks for it', async () => {
    expect(await (await send('/classify')).text()).not.toContain('The model looked');
    const html = await (await send('/classify', { fields: { heatmap: 'true' } })).text();
    expect(html).toContain('The model looked mostly at the upper left');
  });

  it('is answered with the result alone for the script', async () => {
    const html = await (await send('/classify?part=result')).text();
    expect(html).toMatch(/^<article[^>]* data-part="result"/);
    expect(html).toMatch(/<h3[^>]*>Goldfish, 87\u00a0% sure<\/h3>/);
  });

  it('shows names in the language of the browser', async () => {
    const form = new FormData();
    form.append('image', new Blob(['x']), 'photo.jpg');
    const headers = { ...BROWSER, 'accept-language': 'ko-KR,ko;q=0.9' };
    const html = await (await fetch(`${app.url}/classify`, { method: 'POST', body: form, headers })).text();
    expect(html).toContain('금붕어');
  });

  it('shows a refusal above the form, with its status and reference', async () => {
    app.was.problem = new ProblemError('image-undecodable', {});
    const response = await send('/classify');
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain('<title>Error: The image cannot be decoded - Image classifier</title>');
    expect(html).toContain(app.was.problem.message);
    expect(html).toContain(response.headers.get('x-request-id'));
    expect(html).toContain('<form');
  });

  it('answers a refusal alone for the script', async () => {
    const response = await send('/classify?part=result', { bytes: 0, fields: { heatmap: 'true' } });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/^<section[^>]* data-part="problem"/);
  });

  it('refuses one over the limit', async () => {
    const response = await send('/classify', { bytes: MAX_IMAGE_BYTES + 1 });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('An image may have at most 15 MB.');
  });

  it('may be one of several, up to sixteen', async () => {
    const form = (photos: number) => {
      const form = new FormData();
      form.append('image', new Blob([]), ''); // an input with nothing chosen, as the camera's
      for (let index = 0; index < photos; index++) form.append('image', new Blob([`${index}`]), `${index}.jpg`);
      return { method: 'POST', body: form, headers: BROWSER };
    };
    const sixteen = await fetch(`${app.url}/classify`, form(16));
    expect(sixteen.status).toBe(200);
    expect(await sixteen.text()).toContain('<h1>16 photos, 16 answers</h1>');
    const seventeen = await fetch(`${app.url}/classify`, form(17));
    expect(seventeen.status).toBe(400);
    expect(await seventeen.text()).toContain('Send at most 16 images in one request.');
  });

  it('is refused when there is none', async () => {
    const response = await send('/classify', { bytes: 0, fields: { heatmap: 'true' } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Choose an image first.');
  });

  it('may be a sample, and no other file', async () => {
    const sample = await fetch(`${app.url}/samples/lemon`, { method: 'POST', headers: BROWSER });
    expect([sample.status, app.was.received.length]).toEqual([200, 1]);
    const other = await fetch(`${app.url}/samples/..%2Flemon`, { method: 'POST', headers: BROWSER });
    expect(other.status).toBe(404);
  });

  it('is asked for again when somebody opens the address of a result', async () => {
    const response = await get('/classify');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
  });
});

describe('feedback', () => {
  const path = `/feedback/${CLASSIFICATION.id}`;
  const { token } = FEEDBACK;
  const was = `/v1/feedback/${CLASSIFICATION.id}`;

  it('is asked for below a result, in a form that needs no script, where it is taken', async () => {
    expect(await (await send('/classify')).text()).not.toContain('Was this right?');
    app.was.reset();
    app.was.classification = { ...CLASSIFICATION, feedback: FEEDBACK };

    const html = await (await send('/classify')).text();

    expect(html).toMatch(new RegExp(`<form[^>]* method="post" enctype="multipart/form-data" action="${path}"`));
    expect(html).toContain(`name="token" value="${token}"`);
    expect(html).toContain('Nothing of it was kept, so the same file has to be chosen again.');
  });

  it('offers all labels to choose from: the guesses first, the answer itself not, each once', async () => {
    app.was.classification = { ...CLASSIFICATION, feedback: FEEDBACK };
    const html = await (await send('/classify?part=result')).text();
    const options = [...html.matchAll(/<option value(?:="([^"]*)")?/g)].map(([, value = '']) => value);
    expect(options).toEqual(['', 'other', 'n07747607', 'n01950731', 'n03584254']);
  });

  it('does without the other labels when the model does not tell them', async () => {
    app.was.classification = { ...CLASSIFICATION, feedback: FEEDBACK, decision: 'unknown', label: null };
    app.was.model = { model: MODEL.model };
    const html = await (await send('/classify')).text();
    const options = [...html.matchAll(/<option value(?:="([^"]*)")?/g)].map(([, value = '']) => value);
    expect(options).toEqual(['', 'other', 'n01443537', 'n07747607', 'n01950731']);
  });

  it('is thanked for on a page of its own that says what is kept', async () => {
    const response = await send(path, { fields: { token, right: 'false', label: 'other', consent: 'true' } });
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('Your answer and a copy of your photo are kept.');
    expect(html).toContain(`action="${path}/withdraw"`);
    expect(app.was.feedback).toEqual([`POST ${was}?right=false&consent=true&label=other ${token} 10`]);
  });

  it('keeps no photo that was chosen without consent, and says so', async () => {
    const html = await (await send(path, { fields: { token, right: 'true' } })).text();
    expect(html).toContain('Your answer is kept. No photo is.');
    expect(app.was.feedback).toEqual([`POST ${was}?right=true&consent=false ${token} 0`]);
  });

  it('that the answer was right has no other label, whatever the hidden list says', async () => {
    await send(path, { bytes: 0, fields: { token, right: 'true', label: 'n07747607' } });
    expect(app.was.feedback).toEqual([`POST ${was}?right=true&consent=false ${token} 0`]);
  });

  it('can be taken back', async () => {
    const html = await (await send(`${path}/withdraw`, { bytes: 0, fields: { token } })).text();
    expect(html).toContain('Nothing of it is kept any more.');
    expect(app.was.feedback).toEqual([`DELETE ${was} ${token} 0`]);
  });

  it('is refused with a page, or with a part of one for the script', async () => {
    app.was.problem = new ProblemError('feedback-exists', {});
    const fields = { token, right: 'true' };
    const page = await send(path, { bytes: 0, fields });
    const part = await send(`${path}?part=result`, { bytes: 0, fields });
    expect([page.status, part.status]).toEqual([409, 409]);
    expect(await page.text()).toMatch(/<h1>There is feedback to this answer already<\/h1>/);
    expect(await part.text()).toMatch(/^<section[^>]* data-part="problem"/);
  });

  it('is over for who opens its address again', async () => {
    for (const address of [path, `${path}/withdraw`]) {
      const response = await get(address);
      expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    }
  });
});

describe('the other pages', () => {
  it('show the model with its figures in words', async () => {
    const html = await (await get('/model')).text();
    expect(html).toContain('How often its first answer is right.');
    expect(html).toContain('54.8\u00a0%');
    expect(html).toContain('Images per second');
    expect(html).toContain('Below 50\u00a0% certainty it says that it is not sure.');
    expect(html).toContain('<li>iPod</li>');
  });

  it('say plainly what a model was delivered without', async () => {
    const html = await (await get('/model')).text();
    expect(html).toContain('This model was delivered without its confusion matrix.');
    expect(html).toContain('This model was delivered without the figures for a reliability diagram.');
    expect(html).not.toMatch(/<table|<circle/);
  });

  it('show what a model of the pipeline mixes up, whether its certainty can be believed, and its data', async () => {
    app.was.model = EVALUATED_MODEL;
    const html = await (await get('/model')).text();
    expect(html).toMatch(
      /<th scope="row">iPod<\/th><td class="none">0<\/td><td class="right">85<\/td><td class="often">15<\/td>/,
    );
    expect(html).toContain('On average it was 84\u00a0% sure, and right in 83.7\u00a0% of the cases.');
    expect(html.match(/<circle/g)).toHaveLength(3);
    expect(html).toContain('Measured on validation images, which had a part in choosing its thresholds');
    expect(html).toMatch(/Terms of the data<\/dt><dd><span>free<\/span>/);
    expect(html).toMatch(/Licence of the model<\/dt><dd><span>MIT<\/span>/);
    expect(html).not.toContain('does not describe its model');
    expect(html).not.toMatch(/ style=|<style/);
    const model = (await (await get('/api/v1/model')).json()) as { evaluation: object; origin: object };
    expect(model.evaluation).toEqual(EVALUATED_MODEL.description?.evaluation);
    expect(model.origin).toMatchObject({ data: 'Made-up photos', license: 'MIT' });
  });

  it('show the most frequent mistakes and an index where a model knows many labels', async () => {
    app.was.model = LARGE_MODEL;
    const html = await (await get('/model')).text();
    expect(html).toContain('The 10 most frequent mistakes');
    expect(html).toContain('<th scope="row">0 goldfish</th><td>1 goldfish</td><td>30</td><td>30\u00a0%</td>');
    expect(html).toContain('<summary>Show all 40</summary>');
    expect(html).toMatch(/Licence of the model<\/dt>|without a word on its data/);
  });

  it('show a model that does not describe itself', async () => {
    app.was.model = { model: MODEL.model };
    const response = await get('/model');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('The endpoint does not describe its model');
  });

  it('show how every part is', async () => {
    const response = await get('/status');
    const html = await response.text();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(html).toContain('Everything works.');
    expect(html).toContain('answered in 5 ms');
    expect(html).toMatch(/Looked at \d\d:\d\d UTC\./);
  });

  it('show what the model saw lately, for the window that was chosen', async () => {
    const html = await (await get('/status?window=24h')).text();
    expect(html).toContain('The last 24 hours look like the photos this model was made with.');
    expect(html).toContain('goldfish');
    expect(html).not.toMatch(/ style=|<style/);
    const { monitoring } = (await (await get('/api/v1/status?window=24h')).json()) as { monitoring: object };
    expect(monitoring).toMatchObject({
      state: 'on',
      window: '24h',
      figures: { images: 1640, drift: { state: 'quiet' } },
    });
    expect((await get('/api/v1/status?window=2h')).status).toBe(400);
  });

  it('show everything else where nothing watches the model', async () => {
    app.was.monitor = new ProblemError('not-found', {});
    const html = await (await get('/status?window=7d')).text();
    expect(html).toContain('Nothing watches the model here');
    expect(html).toContain('Everything works.');
  });

  it('do not say that photos are answered when nothing can be asked', async () => {
    const own = await startPagesApp(); // an answer about the tiers serves for a second
    own.was.problem = exampleOf('overloaded');
    const html = await (await fetch(`${own.url}/status`, { headers: BROWSER })).text();
    await own.close();
    expect(html).toContain('Photos cannot be answered right now.');
    expect(html).toContain('What lies behind the business tier cannot be asked until it answers.');
    expect(html).not.toContain('Photos are answered all the same');
  });

  it.each(Object.keys(PROBLEM_CATALOGUE))('explain the problem %s', async (code) => {
    const response = await get(`/problems/${code}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`<code>${code}</code>`);
  });
});

describe('a page that cannot be shown', () => {
  const codes = Object.keys(PROBLEM_CATALOGUE) as ProblemCode[]; // the keys of a constant

  it.each(codes)('says %s with its status, in words, in both languages', async (code) => {
    const problem = exampleOf(code);
    app.was.problem = problem;
    for (const language of LANGUAGES) {
      const texts = textsIn(language);
      const response = await get('/model', { ...BROWSER, 'accept-language': language });
      const html = await response.text();
      expect(response.status).toBe(problem.status);
      expect(response.headers.get('content-language')).toBe(language);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(html).toContain(`<h1>${texts.problemTexts.problems[code].title}</h1>`);
      expect(html).toContain(texts.problem.home);
      expect(html).toContain(`<code>${response.headers.get('x-request-id')}</code>`);
    }
  });

  it('says how long to wait, and leads back to itself', async () => {
    app.was.problem = new ProblemError('too-many-requests', { retryAfterSeconds: 20 });
    const response = await get('/model?x=%22%3E');
    expect(response.headers.get('retry-after')).toBe('20');
    expect(await response.text()).toContain('<a href="/model?x=%22%3E">Wait 20 seconds, then try this page again</a>');
  });

  it('does not offer to open the answer to a form again', async () => {
    app.was.problem = exampleOf('feedback-unavailable');
    const html = await (
      await send(`/feedback/${CLASSIFICATION.id}`, { fields: { token: FEEDBACK.token, right: 'true' } })
    ).text();
    expect(html).toContain('Wait 30 seconds, then go back and send it again.');
    expect(html).not.toContain('try this page again');
  });

  it('is one for a wrong method, with those that work here', async () => {
    const response = await fetch(`${app.url}/model`, { method: 'POST', headers: BROWSER });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.text()).toContain('<a href="/docs">Read how programs talk to this service</a>');
  });

  it('leads to no other host', async () => {
    const html = await (await get('//evil.example/x')).text();
    expect(html).not.toContain('href="//');
  });
});

describe('an address that does not exist', () => {
  it('is a page for people', async () => {
    const response = await get('/nothing-here');
    const html = await response.text();
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('There is nothing at this address.');
    expect(html).toContain(response.headers.get('x-request-id'));
  });

  it.each([
    ['of the API', '/api/v1/nothing', BROWSER],
    ['of an asset', '/assets/page.css', BROWSER],
    ['asked by a program', '/nothing-here', { accept: '*/*' }],
  ])('is a problem document when it is %s', async (_case, path, headers) => {
    const response = await get(path, headers);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('assets', () => {
  it('are all there, compressed and kept for ever', async () => {
    const html = `${await (await get('/')).text()}${await (await get('/docs')).text()}`;
    const paths = [...new Set(html.match(/\/assets\/[^"]+/g))];
    expect(paths).toHaveLength(11);
    for (const path of paths) {
      const response = await get(path, { 'accept-encoding': 'gzip' });
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('content-encoding')).toBe(path.endsWith('.jpg') ? null : 'gzip');
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });

  it('of another version are those of this one, and not kept', async () => {
    const html = await (await get('/')).text();
    const [own = ''] = /\/assets\/upload[^"]+\.js/.exec(html) ?? [];

    const response = await get(own.replace(/-\w+\.js$/, '-0LDVER51.js'));

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(await response.text()).toBe(await (await get(own)).text());
    expect((await get('/assets/nothing-0LDVER51.js')).status).toBe(404);
  });

  it('of the pages stay small', async () => {
    const html = await (await get('/')).text();
    let bytes = 0;
    for (const [path] of html.matchAll(/\/assets\/[^"]+\.(js|css)/g)) {
      const response = await get(path, { 'accept-encoding': 'gzip' });
      bytes += Number(response.headers.get('content-length'));
    }
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(25_000);
  });
});

describe('security headers', () => {
  it.each(['/', '/api/v1/model', '/nothing-here', '/openapi.json'])('are on %s', async (path) => {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
