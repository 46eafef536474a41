// A task of was as the prober sees it, over HTTP: right in everything, but for what a test says.
import type { Classification } from '@app/contracts/classification';
import { ProblemError } from '@app/contracts';
import { createHash } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export type Reply = readonly [status: number, body: unknown];
/** `never` leaves the question open, `break off` closes the connection. */
export type Answer = Reply | 'never' | 'break off';

export const BUILD = '0123456789ab';
const LABELS = ['cat', 'dog', 'ship'];

export class ScriptedService {
  /** By the path, or `photo` and `broken photo`: in place of the right answer. Gets how often it was asked before. */
  readonly answers: Partial<Record<string, (before: number) => Answer>> = {};
  delayMs = 0;
  private readonly asked = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedService> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const service = new ScriptedService(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void service.answer(request, response));
    return service;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { pathname } = new URL(request.url ?? '/', this.url);
    const isPhoto = body.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]));
    const question = pathname !== '/v1/classifications' ? pathname : isPhoto ? 'photo' : 'broken photo';
    const before = this.asked.get(question) ?? 0;
    this.asked.set(question, before + 1);
    const answer = (this.answers[question] ?? (() => rightAnswer(question, body)))(before);
    if (answer === 'never') return;
    if (answer === 'break off') {
      request.socket.destroy();
      return;
    }
    if (question === 'photo') await sleep(this.delayMs);
    const [status, content] = answer;
    response.writeHead(status).end(typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function rightAnswer(question: string, body: Buffer): Reply {
  switch (question) {
    case '/health/ready':
      return [200, { status: 'ok' }];
    case '/version':
      return [200, { version: '1.2.3', build: BUILD }];
    case '/v1/model':
      return [200, { model: MODEL, description: { ...MODEL, labels: LABELS.map((id) => ({ id })) } }];
    case 'photo':
      return [200, classification(body)];
    case 'broken photo':
      return problem(new ProblemError('unsupported-image-format', {}));
    default:
      return [404, ''];
  }
}

const MODEL = { name: 'pets', version: '3', variant: 'AllTraffic' };

/** Of the photo that was sent; changed in single members. */
export function classification(photo: Buffer, change: object = {}): Classification {
  const scores = [0.7, 0.2, 0.1];
  return {
    id: 'b7ad3c1e-7a64-4f4c-9b1c-0a8a4f6f2f10',
    model: MODEL,
    decision: 'label',
    label: 'cat',
    score: 0.7,
    predictions: LABELS.map((label, at) => ({ label, name: { en: label }, score: scores[at] ?? 0 })),
    image: {
      ...{ width: 160, height: 120, format: 'jpeg', bytes: photo.length },
      sha256: createHash('sha256').update(photo).digest('hex'),
    },
    timing: { decodeMs: 1, queueMs: 0, inferMs: 2, totalMs: 3 },
    ...change,
  };
}

export function problem(error: ProblemError): Reply {
  return [error.status, error.toDocument('request-1')];
}
