/** The client closed the connection before its answer: nobody reads a reply, and work for it may stop. */
export class ClientLeftError extends Error {
  constructor() {
    super('the client left before its answer');
    this.name = 'ClientLeftError';
  }
}
