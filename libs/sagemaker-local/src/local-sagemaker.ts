/**
 * SageMaker on this machine: the control plane over a state folder, in the process of whoever starts it. Any number of processes may
 * work on one folder at once, the endpoint process among them.
 */
import { createServer, Server } from 'node:http';
import { ContainerOptions } from './container-process';
import { CallOperation, ControlPlane } from './control-plane/control-plane';
import { ControlPlaneService } from './control-plane/operation';
import { EndpointLog, silentLog } from './endpoint-log';
import { EndpointProcess, EndpointProcesses } from './hosting/endpoint-processes';
import { HostingService } from './hosting/hosting-service';
import { TaggingService } from './hosting/tagging-service';
import { Environment } from './managed-process';
import { distFile, productFile } from './places';
import { RegistryService } from './registry/registry-service';
import { ownEnvironment } from './sagemaker-local.config';
import { ShippedModel } from './shipped-model';
import { StateFolder } from './state';

/** As the endpoint process has it. */
const STARTUP_TIMEOUT_MS = 120_000;

export interface ControlPlaneContext {
  readonly state: StateFolder;
  /** Runs an operation of any service in this process. */
  readonly call: CallOperation;
  readonly log: EndpointLog;
}

export interface LocalControlPlaneOptions {
  readonly state: StateFolder;
  /** Beside registry, hosting and tags. */
  readonly services?: (context: ControlPlaneContext) => readonly ControlPlaneService[];
  readonly log?: EndpointLog;
  /** The package of the model that an account begins with; default `models/everyday-objects` of the product. */
  readonly shippedPackageDir?: string;
  /** How a model is started to see whether it comes up: by default as the endpoint does it. */
  readonly containerCommand?: ContainerOptions['command'];
  readonly environment?: Environment;
}

export interface LocalSageMakerOptions extends LocalControlPlaneOptions {
  /** On 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
}

/** The operations without a server of their own: for a process that has one already. */
export function createControlPlane(options: LocalControlPlaneOptions): ControlPlane {
  const { state, services = () => [], log = silentLog } = options;
  const shipped = new ShippedModel(state, options.shippedPackageDir ?? productFile('models/everyday-objects'));
  const container = {
    command: options.containerCommand ?? [distFile('apps/model/src/main.js'), 'serve'],
    environment: options.environment ?? ownEnvironment(),
    startupTimeoutMs: STARTUP_TIMEOUT_MS,
  } as const;
  const context: ControlPlaneContext = { state, log, call: (...request) => controlPlane.call(...request) };
  const controlPlane = new ControlPlane({
    services: [
      new RegistryService(state),
      new HostingService({ state, container, log }),
      new TaggingService(state),
      ...services(context),
    ],
    prepare: () => shipped.ensure(),
    log,
  });
  return controlPlane;
}

export class LocalSageMaker {
  private constructor(
    private readonly state: StateFolder,
    private readonly controlPlane: ControlPlane,
    private readonly server: Server,
    /** To be given to the AWS SDK as its endpoint. */
    readonly url: string,
  ) {}

  static async start({ port = 0, ...options }: LocalSageMakerOptions): Promise<LocalSageMaker> {
    const controlPlane = createControlPlane(options);
    const server = createServer((request, response) => void controlPlane.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    const taken = address !== null && typeof address === 'object' ? address.port : port;
    return new LocalSageMaker(options.state, controlPlane, server, `http://127.0.0.1:${taken}`);
  }

  /** Runs an operation without HTTP. Throws a `SageMakerFault`. */
  get call(): CallOperation {
    return this.controlPlane.call;
  }

  /** The process that serves an endpoint right now. Without one, a deployment is served from the next start on. */
  runningEndpoint(endpointName: string): Promise<EndpointProcess | undefined> {
    return new EndpointProcesses(this.state, endpointName).running();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await this.controlPlane.stop();
    this.server.closeAllConnections();
    await closed;
  }
}
