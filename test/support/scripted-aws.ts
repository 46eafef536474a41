// APIs of AWS over HTTP that answer what a test scripts. Requests and answers in JSON are held against the SDK's own shapes.
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inputFaults, OperationSchema, outputFaults } from './sdk-shapes';

export type Members = Record<string, unknown>;

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

export abstract class ScriptedAws {
  /** A test that leaves something here has found a call that AWS would not take, or an answer that it would not give. */
  readonly shapeFaults: string[] = [];
  private readonly clients: { destroy(): void }[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** @param sdk the modules of the SDK whose operations are called */
  protected constructor(private readonly sdk: Members) {}

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on a port
  }

  /** For a process that talks to it by the AWS SDK. */
  get environment(): Record<string, string> {
    return {
      ...{ AWS_ENDPOINT_URL: this.url, AWS_REGION: REGION },
      ...{ AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey },
    };
  }

  get clientOptions() {
    return { endpoint: this.url, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 };
  }

  /** These clients end with it. */
  protected keep<C extends Readonly<Record<string, { destroy(): void }>>>(clients: C): C {
    this.clients.push(...Object.values(clients));
    return clients;
  }

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** What an operation answers. @throws for one that is not scripted. */
  protected abstract run(operation: string, input: Members): Members;

  protected runChecked(operation: string, input: Members): Members {
    const schema = this.sdk[`${operation}$`] as OperationSchema; // the SDK has one for each
    this.shapeFaults.push(...inputFaults(schema, input).map((fault) => `input of ${operation}: ${fault}`));
    const output = this.run(operation, input);
    this.shapeFaults.push(...outputFaults(schema, output).map((fault) => `output of ${operation}: ${fault}`));
    return output;
  }
}

/** Writes a document as the JSON protocols of AWS do; a refusal is `{ __type, message }` with a status of its own. */
export function sendAwsJson(response: ServerResponse, document: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(document));
}
