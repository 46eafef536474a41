import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answer = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server in place of the business tier that does as the test tells it, and remembers what it was asked. */
export class ScriptedWas {
  readonly received: Received[] = [];
  answer: Answer = (received, response) => sendJson(response, 200, classificationOf(received));

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedWas> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const received = { method, path, headers, body: Buffer.concat(chunks) };
        was.received.push(received);
        was.answer(received, response, request);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A TCP server that listens has an AddressInfo.
    const was = new ScriptedWas(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return was;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A classification whose label tells the size of the image, so that a test sees which answer belongs to which image. */
export function classificationOf({ body }: Received): object {
  return {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    model: { name: 'sizes', version: '1.0.0', variant: 'blue' },
    decision: 'label',
    label: `bytes-${body.length}`,
    score: 0.87654321,
    predictions: [{ label: `bytes-${body.length}`, name: { en: 'size', ko: '크기' }, score: 0.87654321 }],
    image: { width: 1, height: 1, format: 'jpeg', bytes: body.length, sha256: '0'.repeat(64) },
    timing: { decodeMs: 1.23456, queueMs: 0, inferMs: 2, totalMs: 4 },
  };
}
