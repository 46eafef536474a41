// What people and programs should not send, through the whole system: by the API, and by the form of the page.
import { MAX_IMAGE_BYTES, ProblemDocument } from '@app/contracts';
import { BatchResponse, ClassificationResponse } from '@app/contracts/classification';
import { existsSync, readFileSync } from 'node:fs';
import {
  emptyFile,
  garbled,
  onePixel,
  oversizedJpeg,
  phonePhoto,
  photo,
  pixelBomb,
  truncatedFiles,
  unsupportedFiles,
} from '../support/images';
import { leaksIn } from '../support/leaks';
import { form, FormPart, Message, raw, Reply, send, Wire } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';
import { alarms } from '../support/system-log';

const IDLE_MS = 1500;
/** To decode the 900 megapixels would take 2.7 GB. */
const FEW_BYTES = 200_000_000;

let system: RunningSystem;
let pids: Record<string, number>;
let goodPhoto: Buffer;
const replies: Reply[] = [];

beforeAll(async () => {
  system = await startSystem({ environment: { web: { WEB_UPLOAD_IDLE_MS: String(IDLE_MS) } } });
  pids = await system.pids();
  goodPhoto = await photo();
});

afterAll(async () => {
  await system.stop();
});

interface Route {
  readonly name: string;
  readonly path: string;
  readonly accept: string;
  /** The sentence for a person in a refusal. */
  readonly sentenceOf: (reply: Reply) => string;
  readonly expectRefusal: (reply: Reply, status: number, code: string) => void;
}

const routes: readonly Route[] = [
  {
    name: 'the API',
    path: '/api/v1/classifications',
    accept: 'application/json',
    sentenceOf: ({ text }) => (JSON.parse(text) as ProblemDocument).detail,
    expectRefusal: ({ headers, text }, status, code) => {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({
        status,
        code,
        type: `/problems/${code}`,
        requestId: headers['x-request-id'],
      });
    },
  },
  {
    name: 'the page',
    path: '/classify',
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    sentenceOf: ({ text }) => withoutEntities(text),
    expectRefusal: ({ headers, text }) => {
      expect(headers['content-type']).toContain('text/html');
      expect(text).toContain('type="file"'); // the way to try again
    },
  },
];

/** What the page's script sends to, a photo at a time. The form itself may hold several. */
const part: Route = {
  name: 'the page with its script',
  path: '/classify?part=result',
  accept: 'text/html',
  sentenceOf: ({ text }) => withoutEntities(text),
  expectRefusal: ({ headers, text }) => {
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('data-part="problem"');
    expect(text).not.toContain('type="file"');
  },
};

function withoutEntities(html: string): string {
  return html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}

/** Sends to a route of the system and keeps the reply for the checks at the end. */
async function ask(path: string, message: Message): Promise<Reply> {
  return keep(await send(`${system.url}${path}`, message));
}

function keep(reply: Reply): Reply {
  replies.push(reply);
  return reply;
}

const file = (content: Buffer, filename = 'photo.jpg', mediaType = 'image/jpeg'): FormPart => ({
  field: 'image',
  filename,
  mediaType,
  content,
});

interface Case {
  readonly title: string;
  readonly message: () => Message | Promise<Message>;
  readonly status: number;
  readonly code: string;
  /** What the sentence says. */
  readonly says: RegExp;
}

const READABLE = /Send a photo as JPEG, PNG or WebP\./;

const cases: readonly Case[] = [
  {
    title: 'no file',
    message: () => form({ field: 'other', content: 'x' }),
    status: 400,
    code: 'image-missing',
    says: /Choose an image first/,
  },
  {
    title: 'a form in which nothing was chosen',
    message: () => form(file(emptyFile(), '', 'application/octet-stream')),
    status: 400,
    code: 'image-missing',
    says: /Choose an image first/,
  },
  {
    title: 'an empty file',
    message: () => form(file(emptyFile())),
    status: 400,
    code: 'image-empty',
    says: /has no content/,
  },
  { title: 'an empty body', message: () => raw(emptyFile()), status: 400, code: 'image-empty', says: /has no content/ },
  {
    title: 'a form that is broken off',
    message: () => {
      const { headers, body } = form(file(goodPhoto));
      return { headers, body: body.subarray(0, 5000) };
    },
    status: 400,
    code: 'malformed-request',
    says: /could not be read/,
  },
  {
    title: 'a form without a boundary',
    message: () => raw(Buffer.from('x'), 'multipart/form-data'),
    status: 400,
    code: 'malformed-request',
    says: /needs a boundary/,
  },
  {
    title: 'a wrong content type',
    message: () => raw(goodPhoto, 'text/plain'),
    status: 415,
    code: 'unsupported-media-type',
    says: /text\/plain is not supported; send multipart\/form-data or image\/\*/,
  },
  {
    title: 'a form without its encoding',
    message: () => raw(Buffer.from('image=photo.jpg'), 'application/x-www-form-urlencoded'),
    status: 415,
    code: 'unsupported-media-type',
    says: /send multipart\/form-data or image\/\*/,
  },
  {
    title: 'no content type',
    message: () => ({ body: goodPhoto }),
    status: 415,
    code: 'unsupported-media-type',
    says: /content type is missing/,
  },
  {
    title: '900 megapixels in less than 1 MB',
    message: () => form(file(pixelBomb(), 'bomb.png', 'image/png')),
    status: 422,
    code: 'image-too-many-pixels',
    says: /at most 50 megapixels/,
  },
];

async function expectRefused(route: Route, message: Message, { status, code, says }: Omit<Case, 'title' | 'message'>) {
  const headers = { ...message.headers, accept: route.accept };
  const reply = await ask(route.path, { ...message, headers });
  expect(reply.status).toBe(status);
  route.expectRefusal(reply, status, code);
  expect(route.sentenceOf(reply)).toMatch(says);
  return reply;
}

// First, while no other test has raised the peak.
const withProc = existsSync('/proc/self/status') ? describe : describe.skip;

withProc('900 megapixels (skipped where there is no /proc)', () => {
  it('cost no tier much memory, eight times at once', async () => {
    const peakOf = (pid: number) =>
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
    const peaks = () => Object.values(pids).map(peakOf);
    const bomb = raw(pixelBomb(), 'image/png');
    const before = peaks();

    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/api/v1/classifications', bomb)));

    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(422));
    expect(peaks().filter((peak, index) => peak - (before[index] ?? 0) >= FEW_BYTES)).toEqual([]);
  });
});

describe.each(routes)('$name', (route) => {
  it.each(cases)('refuses $title with $status', async ({ message, ...expected }) => {
    await expectRefused(route, await message(), expected);
  });

  it('refuses with 415 what is no image that is read, says what it is, and which formats are read', async () => {
    for (const { name, mediaType, bytes, looksLike } of await unsupportedFiles()) {
      const refusal = { status: 415, code: 'unsupported-image-format' };
      const reply = await expectRefused(route, form(file(bytes, name, mediaType)), { ...refusal, says: READABLE });
      expect(route.sentenceOf(reply)).toMatch(looksLike);
      await expectRefused(route, raw(bytes), { ...refusal, says: READABLE });
    }
  });

  it('refuses images that end too soon with 422', async () => {
    for (const { name, mediaType, bytes } of await truncatedFiles()) {
      await expectRefused(route, form(file(bytes, name, mediaType)), {
        status: 422,
        code: 'image-undecodable',
        says: /damaged or incomplete/,
      });
    }
  });

  it('answers or refuses images with garbage in the middle, and never fails', async () => {
    const damaged = [
      garbled(goodPhoto),
      garbled(goodPhoto, 5000),
      garbled(await photo({ format: 'png' }), 50),
      garbled(await photo({ format: 'webp' })),
      garbled(await phonePhoto(), 100_000),
    ];
    for (const bytes of damaged) {
      const { status } = await ask(route.path, { ...form(file(bytes)), signal: AbortSignal.timeout(30_000) });
      expect([200, 422]).toContain(status);
    }
  });

  it('looks at the bytes and not at name and content type', async () => {
    const { status } = await ask(route.path, form(file(goodPhoto, 'notes.txt', 'text/plain')));
    expect(status).toBe(200);
  });

  it('answers a single pixel', async () => {
    const { status } = await ask(route.path, form(file(await onePixel(), 'dot.png', 'image/png')));
    expect(status).toBe(200);
  });

  it('hands the refusal of 16 MB to a client that sends it all first', async () => {
    const message = form(file(await oversizedJpeg(16_000_000)));
    const refusal = { status: 413, code: 'image-too-large', says: /at most 15 MB/ };

    await expectRefused(route, message, refusal);
  });

  it('refuses a body that stalls with 408', async () => {
    const { headers, body } = form(file(goodPhoto));
    const wire = await Wire.post(`${system.url}${route.path}`, {
      ...headers,
      accept: route.accept,
      'content-length': String(body.length),
    });
    await wire.write(body.subarray(0, 1000));

    const reply = keep(await wire.reply);
    wire.leave();

    expect(reply.status).toBe(408);
    route.expectRefusal(reply, 408, 'upload-stalled');
  });

  it('goes on when clients leave, in the middle of an upload or before their answer', async () => {
    const { headers, body } = form(file(await phonePhoto()));
    for (const share of [0, 0.5, 1, 1, 1]) {
      const wire = await Wire.post(`${system.url}${route.path}`, { ...headers, 'content-length': String(body.length) });
      await wire.write(body.subarray(0, share * body.length));
      wire.leave();
    }

    const { status } = await ask(route.path, form(file(goodPhoto)));
    expect(status).toBe(200);
  });

  it('refuses a method that is not there with 405, and names those that are', async () => {
    const reply = await ask(route.path, { method: 'DELETE', headers: { accept: route.accept } });

    expect(reply.status).toBe(405);
    expect(reply.headers['allow']).toContain('POST');
    expect(route.sentenceOf(reply)).toMatch(/understands .*POST/);
  });

  it('refuses 100 KB of headers with 431', async () => {
    const headers = { ...raw(goodPhoto).headers, accept: route.accept, cookie: 'x'.repeat(100_000) };
    const wire = await Wire.post(`${system.url}${route.path}`, { ...headers, 'content-length': '1' });

    const reply = keep(await wire.reply);

    expect(reply.status).toBe(431);
    expect(reply.text).toContain('Send fewer or shorter headers');
  });
});

describe.each([...routes.slice(0, 1), part])('$name, which takes one image at a time,', (route) => {
  it('refuses two files with 400', async () => {
    const refusal = { status: 400, code: 'too-many-images', says: /one image at a time/ };
    await expectRefused(route, form(file(goodPhoto), file(goodPhoto)), refusal);
  });

  it('refuses 16 MB with 413 while they are still being sent', async () => {
    const { headers, body } = form(file(await oversizedJpeg(16_000_000)));
    const wire = await Wire.post(`${system.url}${route.path}`, {
      ...headers,
      accept: route.accept,
      'transfer-encoding': 'chunked',
    });
    const enough = body.subarray(0, MAX_IMAGE_BYTES + 100_000);
    await wire.write(`${body.length.toString(16)}\r\n`);
    await wire.write(enough);

    const reply = keep(await wire.reply); // with 900 KB that were never sent
    wire.leave();

    expect(reply.status).toBe(413);
    route.expectRefusal(reply, 413, 'image-too-large');
    expect(route.sentenceOf(reply)).toMatch(/at most 15 MB/);
  });

  it('refuses 16 MB with 413 as soon as they are announced', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '16000000' };
    const wire = await Wire.post(`${system.url}${route.path}`, { ...headers, accept: route.accept });

    const reply = keep(await wire.reply);
    wire.leave();

    expect(reply.status).toBe(413);
  });
});

describe.each([part])('$name', (route) => {
  it.each(cases)('refuses $title with $status', async ({ message, ...expected }) => {
    await expectRefused(route, await message(), expected);
  });
});

describe('only the API', () => {
  const classifications = '/api/v1/classifications';

  it.each([
    ['top_k=0', 'top_k must be at least 1.'],
    ['top_k=101', 'top_k must be at most 100.'],
    ['top_k=abc', 'top_k must be a whole number.'],
    ['top_k=1.5', 'top_k must be a whole number.'],
    ['heatmap=maybe', 'heatmap must be true or false.'],
  ])('refuses ?%s with 400', async (query, detail) => {
    const { status, text } = await ask(`${classifications}?${query}`, raw(goodPhoto));

    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'invalid-parameter', detail });
  });

  it('refuses 17 images in a batch with 400, and takes 16', async () => {
    const images = (count: number) =>
      form(...Array.from({ length: count }, () => ({ ...file(goodPhoto), field: 'images' })));

    const sixteen = await ask(`${classifications}/batch`, images(16));
    const seventeen = await ask(`${classifications}/batch`, images(17));

    expect(sixteen.status).toBe(200);
    expect((JSON.parse(sixteen.text) as BatchResponse).results.map(({ problem }) => problem)).toEqual(
      Array<undefined>(16).fill(undefined),
    );
    expect(seventeen.status).toBe(400);
    expect(JSON.parse(seventeen.text)).toMatchObject({ code: 'too-many-images', limit: 16 });
  });

  it('refuses single images of a batch, and answers the others', async () => {
    const [text] = await unsupportedFiles();
    const [cut] = await truncatedFiles();
    const contents = [goodPhoto, text?.bytes, cut?.bytes, pixelBomb(), emptyFile(), goodPhoto];

    const { status, text: body } = await ask(
      `${classifications}/batch`,
      form(...contents.map((content) => ({ ...file(content ?? emptyFile()), field: 'images' }))),
    );

    expect(status).toBe(200);
    const { results } = JSON.parse(body) as BatchResponse;
    expect(results.map(({ classification, problem }) => problem?.code ?? classification?.image.format)).toEqual([
      'jpeg',
      'unsupported-image-format',
      'image-undecodable',
      'image-too-many-pixels',
      'image-empty',
      'jpeg',
    ]);
  });
});

describe('an address', () => {
  it.each([
    ['/api/v1/nothing', 'GET', 404],
    ['/api/v1/nothing', 'POST', 404],
    ['/nothing', 'GET', 404],
    ['/nothing', 'POST', 404],
    ['/assets/..%2f..%2f..%2fpackage.json', 'GET', 404],
    ['/assets/nothing.js', 'POST', 405],
    ['/%2e%2e/%2e%2e/package.json', 'GET', 404],
    ['/%zz', 'GET', 400],
    ['/%zz', 'POST', 400],
  ] as const)('that is not there is refused: %s by %s with %i', async (path, method, status) => {
    const asProgram = await ask(path, { method, headers: { accept: 'application/json' } });
    const asBrowser = await ask(path, { method, headers: { accept: 'text/html' } });

    expect([asProgram.status, asBrowser.status]).toEqual([status, status]);
    expect(JSON.parse(asProgram.text)).toMatchObject({ status });
  });
});

describe('after all of this', () => {
  it('a good photo gets its answer', async () => {
    const { status, text } = await ask('/api/v1/classifications', form(file(goodPhoto)));

    expect(status).toBe(200);
    expect((JSON.parse(text) as ClassificationResponse).predictions).toHaveLength(5);
  });

  it('every process is the one that was started', async () => {
    expect(await system.pids()).toEqual(pids);
  });

  it('no reply has told anything about the inside', () => {
    expect(replies.length).toBeGreaterThan(100);
    expect(replies.flatMap(({ text }) => leaksIn(text, system))).toEqual([]);
    expect(replies.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('nobody was called to act', () => {
    expect(alarms(system)).toEqual([]);
  });
});
