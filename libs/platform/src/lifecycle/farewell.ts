import { Server, ServerResponse } from 'node:http';

/**
 * Ends the connections of a server so that no answer is lost: from a moment on every answer asks its client, which may be a load
 * balancer, to use another connection next time. Connections that stay idle are closed by Node when the server is.
 */
export class Farewell {
  private readonly answers = new Set<ServerResponse>();
  private hasBegun = false;

  constructor(server: Server) {
    server.prependListener('request', (_request, response) => {
      if (this.hasBegun) sayGoodbye(response);
      this.answers.add(response);
      response.once('close', () => this.answers.delete(response));
    });
    // Node takes a connection for idle once its answer is complete, and cuts off what the client has not read yet.
    const closeIdleConnections = server.closeIdleConnections.bind(server);
    server.closeIdleConnections = () => {
      if (![...this.answers].some(isBeingSent)) closeIdleConnections();
    };
  }

  /** Also for the answers that are being worked on. */
  begin(): void {
    this.hasBegun = true;
    this.answers.forEach(sayGoodbye);
  }
}

function sayGoodbye(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

function isBeingSent(response: ServerResponse): boolean {
  return response.writableEnded && !response.writableFinished;
}
