// People and programs that use the service without a pause, each over one kept connection: photos in every form, batches, heatmaps,
// feedback, and pages with what they load. Every answer is looked at.
import { BatchResponse, ClassificationResponse } from '@app/contracts/classification';
import { createHash } from 'node:crypto';
import { Client } from 'undici';
import { photo } from './images';
import { form, raw } from './requests';

const CLIENTS = 4;
const ROUTE = '/api/v1/classifications';

interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly body?: Buffer;
}

/** Gives the text of an answer with the status that is expected. */
type Ask = (asked: Asked, status?: number) => Promise<string>;

/** Something that somebody does; throws when an answer is not what it should be. */
type Deed = (ask: Ask) => Promise<unknown>;

export class SteadyLoad {
  /** What was not answered as it should have been, in words. */
  readonly failures: string[] = [];
  /** Requests that have gone out. */
  sent = 0;
  private isEnding = false;
  private readonly clients: Promise<void>[];

  private constructor(url: string, deeds: readonly Deed[]) {
    this.clients = Array.from({ length: CLIENTS }, (_, index) => this.live(url, deeds, index));
  }

  static async start(url: string): Promise<SteadyLoad> {
    return new SteadyLoad(url, await deedsOfADay());
  }

  /** Resolves when the last requests are answered. */
  async stop(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.clients);
  }

  private async live(url: string, deeds: readonly Deed[], first: number): Promise<void> {
    const client = new Client(url);
    const ask: Ask = async ({ path, headers = {}, body }, status = 200) => {
      this.sent += 1;
      const reply = await client.request({ path, headers, method: body ? 'POST' : 'GET', body: body ?? null });
      const text = await reply.body.text();
      if (reply.statusCode !== status) throw new Error(`${path}: ${reply.statusCode} ${text.slice(0, 300)}`);
      return text;
    };
    for (let turn = first; !this.isEnding; turn++) {
      const deed = deeds[turn % deeds.length];
      await deed?.(ask).catch((error: unknown) => this.failures.push(String(error)));
    }
    await client.close();
  }
}

async function deedsOfADay(): Promise<readonly Deed[]> {
  const photos = await Promise.all([1, 2, 3].map((seed) => photo({ width: 800, height: 600, seed })));
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = photos;
  const image = (content: Buffer, field = 'image') => ({
    field,
    content,
    filename: 'photo.jpg',
    mediaType: 'image/jpeg',
  });
  return [
    async (ask) => expectAbout(first, await ask({ path: ROUTE, ...form(image(first)) })),
    async (ask) => expectAbout(second, await ask({ path: `${ROUTE}?top_k=3`, ...raw(second) })),
    async (ask) => {
      const { heatmap } = expectAbout(third, await ask({ path: `${ROUTE}?heatmap=true`, ...raw(third) }));
      if (heatmap === undefined) throw new Error('there is no heatmap');
    },
    async (ask) => {
      const batch = form(...photos.map((content) => image(content, 'images')));
      const { results } = JSON.parse(await ask({ path: `${ROUTE}/batch`, ...batch })) as BatchResponse;
      photos.forEach((sent, index) => expectAbout(sent, JSON.stringify(results[index]?.classification ?? {})));
    },
    async (ask) => {
      const { id, feedback } = expectAbout(second, await ask({ path: ROUTE, ...raw(second) }));
      const statement = Buffer.from(JSON.stringify({ token: feedback?.token, right: true }));
      await ask(
        { path: `${ROUTE}/${id}/feedback`, headers: { 'content-type': 'application/json' }, body: statement },
        201,
      );
    },
    async (ask) => {
      const headers = { accept: 'text/html' };
      for (const [path] of (await ask({ path: '/', headers })).matchAll(/\/assets\/[^"]+/g)) await ask({ path });
      const sent = form(image(first));
      await ask({ path: '/classify', body: sent.body, headers: { ...headers, ...sent.headers } });
    },
  ];
}

/** The answer must be about the photo that was sent. */
function expectAbout(sent: Buffer, text: string): ClassificationResponse {
  const classification = JSON.parse(text) as ClassificationResponse;
  const sha256 = createHash('sha256').update(sent).digest('hex');
  if (classification.image.sha256 !== sha256)
    throw new Error(`the answer is about another photo: ${text.slice(0, 300)}`);
  return classification;
}
