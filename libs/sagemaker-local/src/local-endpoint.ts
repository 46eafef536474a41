/**
 * A SageMaker endpoint on this machine: the runtime's wire in front of a model container that is an ordinary process.
 * For development and tests only. It does not know what the model does, and it does not check signatures.
 */
import { Header, MAX_CUSTOM_ATTRIBUTES_CHARACTERS, MAX_INVOCATION_BYTES, MediaType } from '@app/contracts';
import { randomUUID } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { ContainerAnswer, ContainerProcess } from './container-process';
import { ContainerSupervisor } from './container-supervisor';
import { ControlPlane } from './control-plane/control-plane';
import { EndpointLog, silentLog } from './endpoint-log';
import { Environment, OutputStream } from './managed-process';
import { distFile } from './places';
import { readBody } from './read-body';
import { RuntimeFault } from './runtime-fault';

/** The container contract: an answer within 60 s. */
const INVOCATION_TIMEOUT_MS = 60_000;
/** SageMaker allows minutes, for it has to fetch an image and a model; here both are on the disk. */
const STARTUP_TIMEOUT_MS = 120_000;
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

const INVOCATION_PATH = /^\/endpoints\/([^/?]+)\/invocations(?:\?|$)/;
const TARGET_VARIANT = 'x-amzn-sagemaker-target-variant';

export interface LocalEndpointOptions {
  readonly endpointName: string;
  /** Name of the production variant; SageMaker's consoles and samples call the only one `AllTraffic`. */
  readonly variantName?: string;
  /** Folder of the model package, which SageMaker would unpack into /opt/ml/model. */
  readonly packageDir: string;
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** What every container gets, beside its port and package. */
  readonly environment: Environment;
  /** What the first container gets over `environment`; later ones are given theirs by `deploy`. */
  readonly modelEnvironment?: Environment;
  /** The container, as a Node program; `apps/model serve` when absent. */
  readonly command?: readonly [script: string, ...parameters: string[]];
  readonly invocationTimeoutMs?: number;
  readonly startupTimeoutMs?: number;
  readonly log?: EndpointLog;
  /** What the container writes. */
  readonly onModelLine?: (line: string, stream: OutputStream) => void;
  /** Answers `POST /` on the same port. */
  readonly controlPlane?: Pick<ControlPlane, 'serve'> | undefined;
  /** Root of the state folder that the endpoint follows: told on `/health`, where others find out whom they are talking to. */
  readonly stateFolder?: string | undefined;
}

/** DescribeEndpoint's words, as far as they occur here. */
export type EndpointStatus = 'Creating' | 'InService' | 'Updating' | 'Failed';

export interface EndpointDescription {
  readonly status: EndpointStatus;
  readonly failureReason?: string;
  readonly endpointName: string;
  readonly variantName: string;
  readonly port: number;
  readonly stateFolder?: string;
  readonly model: {
    readonly packageDir: string;
    /** Whether requests are taken at this moment: false while the process is started again. */
    readonly ready: boolean;
    readonly pid?: number;
    readonly port?: number;
    readonly restarts: number;
  };
}

/** A deployment was asked for while another one runs. */
export class DeploymentInProgressError extends Error {
  constructor(endpointName: string) {
    super(`Cannot update in-progress endpoint "${endpointName}".`);
    this.name = 'DeploymentInProgressError';
  }
}

export class LocalEndpoint {
  /** Resolves with the reason when there is no model any more and none will come; never rejects. */
  readonly failed: Promise<string>;
  readonly #options: Required<LocalEndpointOptions>;
  readonly #server: Server;
  #status: EndpointStatus = 'Creating';
  #failureReason: string | undefined;
  #fail: (reason: string) => void = () => undefined;
  #supervisor: ContainerSupervisor | undefined;
  #port = 0;
  readonly #stopping = new AbortController();

  private constructor(options: LocalEndpointOptions) {
    this.#options = {
      variantName: 'AllTraffic',
      command: [distFile('apps/model/src/main.js'), 'serve'],
      invocationTimeoutMs: INVOCATION_TIMEOUT_MS,
      startupTimeoutMs: STARTUP_TIMEOUT_MS,
      log: silentLog,
      onModelLine: () => undefined,
      modelEnvironment: {},
      controlPlane: undefined,
      stateFolder: undefined,
      ...options,
    };
    this.failed = new Promise((resolve) => (this.#fail = resolve));
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, headersTimeout: KEEP_ALIVE_TIMEOUT_MS + 1000 },
      (request, response) => void this.#serve(request, response),
    );
  }

  /**
   * Listens at once, answers 503 until the container is ready, and resolves then. Rejects with the container's own
   * sentence when it refuses the package, and with what is known when it does not come up.
   */
  static async start(options: LocalEndpointOptions): Promise<LocalEndpoint> {
    const endpoint = new LocalEndpoint(options);
    await endpoint.#listen();
    try {
      endpoint.#supervisor = await endpoint.#startContainer(options.packageDir, options.modelEnvironment);
      endpoint.#status = 'InService';
      return endpoint;
    } catch (error) {
      await endpoint.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  describe(): EndpointDescription {
    const container = this.#supervisor?.container;
    return {
      status: this.#status,
      ...(this.#failureReason === undefined ? {} : { failureReason: this.#failureReason }),
      endpointName: this.#options.endpointName,
      variantName: this.#options.variantName,
      port: this.#port,
      ...(this.#options.stateFolder === undefined ? {} : { stateFolder: this.#options.stateFolder }),
      model: {
        packageDir: this.#supervisor?.packageDir ?? this.#options.packageDir,
        ready: container !== undefined,
        ...(container?.pid === undefined ? {} : { pid: container.pid }),
        ...(container === undefined ? {} : { port: container.port }),
        restarts: this.#supervisor?.restarts ?? 0,
      },
    };
  }

  /**
   * Blue/green: starts a second container for the package, sends new requests to it when it is ready, lets the running
   * ones finish, stops the first. Rejects with the reason when the second does not come up; the first serves on.
   * `modelEnvironment` is what the second gets over what every container gets.
   */
  async deploy(packageDir: string, modelEnvironment: Environment = {}): Promise<void> {
    if (this.#status === 'Creating' || this.#status === 'Updating') {
      throw new DeploymentInProgressError(this.#options.endpointName);
    }
    const blue = this.#supervisor;
    this.#status = 'Updating';
    try {
      this.#supervisor = await this.#startContainer(packageDir, modelEnvironment);
      this.#failureReason = undefined;
      this.#options.log.info({ packageDir }, 'new requests go to the new model');
      await blue?.stop();
      this.#status = 'InService';
    } catch (error) {
      this.#status = this.#failureReason === undefined ? 'InService' : 'Failed';
      throw error;
    }
  }

  /** Takes no new requests, lets the running ones finish, stops the container; a deployment that is under way is given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await this.#supervisor?.stop();
    await closed;
  }

  async #startContainer(packageDir: string, modelEnvironment: Environment = {}): Promise<ContainerSupervisor> {
    const { command, startupTimeoutMs, invocationTimeoutMs, onModelLine, log } = this.#options;
    const environment = { ...this.#options.environment, ...modelEnvironment };
    const container = { command, environment, startupTimeoutMs, invocationTimeoutMs, packageDir, onLine: onModelLine };
    const onRefused = (reason: string): void => {
      if (this.#supervisor !== supervisor) return; // it was replaced in the meantime
      this.#status = 'Failed';
      this.#failureReason = reason;
      this.#fail(reason);
    };
    const supervisor = await ContainerSupervisor.start(container, log, onRefused, this.#stopping.signal);
    return supervisor;
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.#port = address.port;
        resolve();
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/health') {
      this.#answerHealth(response);
      return;
    }
    if (request.url === '/' && this.#options.controlPlane !== undefined) {
      await this.#options.controlPlane.serve(request, response);
      return;
    }
    const requestId = randomUUID();
    try {
      const answer = await this.#invoke(request);
      if (answer === undefined) return;
      response.writeHead(200, {
        'x-amzn-RequestId': requestId,
        'x-Amzn-Invoked-Production-Variant': this.#options.variantName,
        ...pick(answer.headers, ['content-type', Header.customAttributes]),
        'content-length': answer.body.byteLength,
      });
      response.end(answer.body);
    } catch (error) {
      const fault = error instanceof RuntimeFault ? error : RuntimeFault.internalFailure();
      const level = fault.status === 500 ? 'error' : fault.isCallersFault ? 'info' : 'warn';
      this.#options.log[level](
        { requestId, status: fault.status, ...(fault === error ? {} : { err: error }) },
        `${fault.type ?? 'refused'}: ${fault.message}`,
      );
      response.writeHead(fault.status, {
        'x-amzn-RequestId': requestId,
        ...(fault.type === undefined ? {} : { 'x-amzn-errortype': fault.type }),
        'content-type': MediaType.json,
      });
      response.end(fault.body);
    }
  }

  /** Gives nothing when the client left before its request was whole. */
  async #invoke(request: IncomingMessage): Promise<ContainerAnswer | undefined> {
    this.#requireEndpoint(request);
    requireCustomAttributes(request.headers[Header.customAttributes]);
    const body = await readBody(request, MAX_INVOCATION_BYTES);
    if (body === 'too-large') throw RuntimeFault.bodyTooLarge();
    if (body === 'aborted') return undefined;

    const container = this.#supervisor?.container;
    if (container === undefined) throw RuntimeFault.serviceUnavailable();
    const answer = await this.#forward(container, request, body);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const text = Buffer.from(answer.body).toString('utf8');
    throw RuntimeFault.containerAnswered(this.#options.endpointName, answer.status, text);
  }

  #requireEndpoint(request: IncomingMessage): void {
    const name = request.method === 'POST' ? INVOCATION_PATH.exec(request.url ?? '')?.[1] : undefined;
    if (name === undefined) throw RuntimeFault.unknownOperation();
    if (name !== this.#options.endpointName) throw RuntimeFault.endpointNotFound(name);
    const variant = request.headers[TARGET_VARIANT];
    if (typeof variant === 'string' && variant !== this.#options.variantName) {
      throw RuntimeFault.variantNotFound(variant, name);
    }
  }

  /**
   * "SageMaker strips all POST headers except those supported by the API" (InvokeEndpoint): these are the ones of which
   * it is documented that a container with a single model gets them. `InferenceId` is documented for data capture only.
   */
  async #forward(container: ContainerProcess, request: IncomingMessage, body: Uint8Array): Promise<ContainerAnswer> {
    const { endpointName } = this.#options;
    try {
      return await container.invoke(pick(request.headers, ['content-type', 'accept', Header.customAttributes]), body);
    } catch (error) {
      throw faultOf(error, endpointName);
    }
  }

  #answerHealth(response: ServerResponse): void {
    const description = this.describe();
    response.writeHead(description.model.ready ? 200 : 503, { 'content-type': MediaType.json });
    response.end(JSON.stringify(description));
  }
}

/** "No more than 1024 visible US-ASCII characters" (InvokeEndpoint, CustomAttributes). */
function requireCustomAttributes(value: string | string[] | undefined): void {
  if (typeof value !== 'string') return;
  if (value.length > MAX_CUSTOM_ATTRIBUTES_CHARACTERS) {
    throw RuntimeFault.invalidMember(
      'customAttributes',
      `Member must have length less than or equal to ${MAX_CUSTOM_ATTRIBUTES_CHARACTERS}`,
    );
  }
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw RuntimeFault.invalidMember('customAttributes', 'Member must satisfy regular expression pattern: \\p{ASCII}*');
  }
}

/** What an error of the connection to the container means to a client of the runtime. */
function faultOf(error: unknown, endpoint: string): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return RuntimeFault.containerTimedOut(endpoint);
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return RuntimeFault.containerAnswerTooLarge(endpoint, 200);
    case 'ECONNREFUSED':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_DESTROYED':
      return RuntimeFault.serviceUnavailable(); // it never had the request
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return RuntimeFault.containerLost(endpoint);
    default:
      return error instanceof Error && error.name === 'HTTPParserError' ? RuntimeFault.containerLost(endpoint) : error;
  }
}

function pick(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
