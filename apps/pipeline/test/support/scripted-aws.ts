// SageMaker and S3 at the wire, as far as a test says what they answer. Knows no command.
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Members = Readonly<Record<string, unknown>>;
export type Handler = (input: Members) => object;

/** What an operation answers instead of its output. */
export class AwsFault extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export class ScriptedAws {
  /** In the order of their arrival. */
  readonly calls: { readonly operation: string; readonly input: Members }[] = [];
  /** By `bucket/key`. */
  readonly objects = new Map<string, Buffer>();
  readonly #handlers = new Map<string, Handler>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedAws> {
    const server = createServer();
    const aws = new ScriptedAws(server);
    server.on('request', (request, response) => void aws.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on a port
  }

  /** For a process that talks to it by the AWS SDK. */
  get environment(): Record<string, string> {
    return {
      ...{ AWS_ENDPOINT_URL: this.url, AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    };
  }

  on(operation: string, handler: Handler): this {
    this.#handlers.set(operation, handler);
    return this;
  }

  inputsOf(operation: string): Members[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') this.#operation(target.split('.').at(-1) ?? '', body, response);
    else this.#object(request, body, response);
  }

  #operation(operation: string, body: Buffer, response: ServerResponse): void {
    const input = JSON.parse(body.toString()) as Members; // the SDK's
    this.calls.push({ operation, input });
    const reply = (status: number, document: object) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(document, withTimesInSeconds));
    const handler = this.#handlers.get(operation);
    if (handler === undefined) {
      reply(400, { __type: 'UnknownOperationException', message: `${operation} is not scripted` });
      return;
    }
    try {
      reply(200, handler(input));
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      reply(error.status, { __type: error.type, message: error.message });
    }
  }

  #object({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url ?? '/', this.url);
    const name = decodeURIComponent(pathname.slice(1));
    if (searchParams.get('list-type') === '2') {
      const prefix = `${name.replace(/\/$/, '')}/${searchParams.get('prefix') ?? ''}`;
      const found = [...this.objects].filter(([key]) => key.startsWith(prefix));
      const contents = found.map(
        ([key, { length }]) =>
          `<Contents><Key>${key.slice(key.indexOf('/') + 1)}</Key><Size>${length}</Size></Contents>`,
      );
      response.end(
        `<ListBucketResult><KeyCount>${found.length}</KeyCount><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
      );
    } else if (method === 'PUT') {
      this.calls.push({ operation: 'PutObject', input: { name } });
      this.objects.set(name, headers['content-encoding'] === 'aws-chunked' ? unchunked(body) : body);
      response.end();
    } else {
      const object = this.objects.get(name);
      if (object === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      else response.end(object);
    }
  }
}

/** The first chunk of a body with a trailing checksum: `size CRLF bytes CRLF 0 CRLF trailers`. */
function unchunked(body: Buffer): Buffer {
  const end = body.indexOf('\r\n');
  return body.subarray(end + 2, end + 2 + parseInt(body.toString('latin1', 0, end), 16));
}

function withTimesInSeconds(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Members)[key]; // JSON.stringify's holder; Date.toJSON has been called on the value
  return original instanceof Date ? original.getTime() / 1000 : value;
}
