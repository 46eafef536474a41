/**
 * SageMaker's control plane at the wire (awsJson1.1): `POST /` with `X-Amz-Target: SageMaker.<Operation>`, JSON in and out. It does
 * not know what the operations do, and it checks no signatures.
 */
import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { EndpointLog } from '../endpoint-log';
import { readBody } from '../read-body';
import { isObject } from './input-members';
import { ControlPlaneService, Operation, OperationInput, SageMakerFault } from './operation';

const CONTENT_TYPE = 'application/x-amz-json-1.1';
const TARGET = /^SageMaker\.(\w+)$/;
/** A pipeline definition may have 1 MiB, and is sent as a string within JSON. */
const MAX_INPUT_BYTES = 4 * 1024 * 1024;

export type CallOperation = (operation: string, input?: OperationInput) => Promise<object>;

export interface ControlPlaneOptions {
  readonly services: readonly ControlPlaneService[];
  /** Awaited before each operation until it has succeeded once. */
  readonly prepare?: () => Promise<void>;
  readonly log: EndpointLog;
}

export class ControlPlane {
  readonly #operations: ReadonlyMap<string, Operation>;
  #prepared: Promise<void> | undefined;

  constructor(private readonly options: ControlPlaneOptions) {
    this.#operations = new Map(options.services.flatMap(({ operations }) => Object.entries(operations)));
  }

  /** Runs an operation in this process. Throws a `SageMakerFault`, as the service would answer. */
  readonly call: CallOperation = async (operation, input = {}) => {
    const run = this.#operations.get(operation);
    if (run === undefined) {
      const known = [...this.#operations.keys()].sort().join(', ');
      throw new SageMakerFault(
        'UnknownOperationException',
        `${operation} is not there on this machine. Known: ${known}.`,
      );
    }
    await this.#prepare();
    return run(input);
  };

  /** Answers one request; never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const answer = (status: number, body: object): void => {
      const bytes = Buffer.from(JSON.stringify(body, withTimesInSeconds));
      response.writeHead(status, {
        'x-amzn-RequestId': requestId,
        'content-type': CONTENT_TYPE,
        'content-length': bytes.byteLength,
      });
      response.end(bytes);
    };
    try {
      const operation = operationOf(request);
      const body = await readBody(request, MAX_INPUT_BYTES);
      if (body === 'aborted') return;
      answer(200, await this.call(operation, parse(body)));
    } catch (error) {
      const fault = error instanceof SageMakerFault ? error : this.#internalFailure(error, requestId);
      answer(fault.status, { __type: fault.type, message: fault.message });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.options.services.map((service) => service.stop()));
  }

  #prepare(): Promise<void> {
    this.#prepared ??= (this.options.prepare?.() ?? Promise.resolve()).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  /** The message is passed on: whoever asks is on this machine, and the fault is in a folder of theirs. */
  #internalFailure(error: unknown, requestId: string): SageMakerFault {
    this.options.log.error({ requestId, err: error }, 'an operation failed');
    return new SageMakerFault('InternalFailure', error instanceof Error ? error.message : String(error));
  }
}

function operationOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? TARGET.exec(target)?.[1] : undefined;
  if (request.method === 'POST' && request.url === '/' && operation !== undefined) return operation;
  throw new SageMakerFault(
    'UnknownOperationException',
    'Only POST / with the header X-Amz-Target: SageMaker.<Operation> is served here.',
  );
}

function parse(body: Uint8Array | 'too-large'): OperationInput {
  if (body === 'too-large') {
    throw new SageMakerFault('ValidationException', `The input has more than ${MAX_INPUT_BYTES} bytes.`);
  }
  try {
    const input: unknown = JSON.parse(Buffer.from(body).toString('utf8') || '{}');
    if (isObject(input)) return input;
  } catch {
    // said below
  }
  throw new SageMakerFault('ValidationException', 'The input is not a JSON object.');
}

/** As `JSON.stringify` calls it: `this` holds the value as it was before `Date.toJSON`. */
function withTimesInSeconds(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = isObject(this) ? this[key] : value;
  return original instanceof Date ? original.getTime() / 1000 : value;
}
