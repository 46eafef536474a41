import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

export type Script = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** What an endpoint may do when it is not well: an HTTP server in place of SageMaker that does as it is told. */
export class ScriptedEndpoint {
  /** Invocations of images; questions for the model's description are not counted. */
  invocations = 0;
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(script: Script): Promise<ScriptedEndpoint> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.headers['content-type'] !== 'application/json') endpoint.invocations++;
        script(request, response, Buffer.concat(chunks));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = new ScriptedEndpoint(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return endpoint;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A reply as the runtime gives it. */
export function reply(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** A container's refusal, wrapped as the runtime wraps it. */
export function modelError(originalStatus: number, originalMessage: string): Script {
  const body = {
    Message: 'Received error from model',
    OriginalStatusCode: originalStatus,
    OriginalMessage: originalMessage,
  };
  return reply(424, body, { 'x-amzn-errortype': 'ModelError' });
}
