// An Application Load Balancer as far as a rollout meets one: weights of two colours, health checks, kept connections to the tasks, no
// second try, and the end of a target in which its requests finish and none comes. Knows HTTP only.
import { once } from 'node:events';
import { Agent, createServer, IncomingHttpHeaders, IncomingMessage, request, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { send } from './requests';
import { until } from './conditions';

export type Colour = 'blue' | 'green';

const HEALTH_PATH = '/health/ready';
/** Both thresholds of the target groups in cloudformation/30-platform.yaml; their interval is 5 s, and nobody wants to wait that long. */
const THRESHOLD = 2;
const HEALTH_INTERVAL_MS = 50;

/** Of one connection, so not passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];

class Target {
  readonly agent = new Agent({ keepAlive: true, scheduling: 'fifo' });
  isHealthy = false;
  isDraining = false;
  running = 0;
  private streak = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly colour: Colour,
    readonly url: string,
  ) {
    this.timer = setInterval(() => void this.look(), HEALTH_INTERVAL_MS);
  }

  forget(): void {
    clearInterval(this.timer);
    this.agent.destroy();
  }

  private async look(): Promise<void> {
    const isWell = await send(`${this.url}${HEALTH_PATH}`, { method: 'GET' }).then(
      ({ status }) => status === 200,
      () => false, // not listening
    );
    this.streak = isWell === this.isHealthy ? 0 : this.streak + 1;
    if (this.streak === THRESHOLD) {
      this.isHealthy = isWell;
      this.streak = 0;
    }
  }
}

export class LoadBalancer {
  /** What went wrong between it and the targets, and became its own 502 or 503. */
  readonly faults: string[] = [];
  private readonly served: Record<Colour, number> = { blue: 0, green: 0 };
  private readonly credit: Record<Colour, number> = { blue: 0, green: 0 };
  private readonly targets = new Map<string, Target>();

  private constructor(
    private readonly server: Server,
    private weights: Readonly<Record<Colour, number>>,
  ) {}

  /** All traffic goes to blue first. */
  static async start(): Promise<LoadBalancer> {
    const server = createServer();
    const balancer = new LoadBalancer(server, { blue: 100, green: 0 });
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => balancer.forward(incoming, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo; // a TCP server that listens has one
    return `http://127.0.0.1:${port}`;
  }

  /** Resolves when the target is healthy. */
  async register(colour: Colour, url: string): Promise<void> {
    const target = new Target(colour, url);
    this.targets.set(url, target);
    await until(() => target.isHealthy);
  }

  /** Gives a colour this share of the requests, in percent, and the other one the rest; resolves when it has answered `requests` of them. */
  async shift(colour: Colour, percent: number, requests: number): Promise<void> {
    this.weights = { ...{ blue: 100 - percent, green: 100 - percent }, [colour]: percent };
    const goal = this.served[colour] + requests;
    await until(() => this.served[colour] >= goal);
  }

  /** Resolves when the requests that the target has are done; it gets no others. */
  async deregister(url: string): Promise<void> {
    const target = this.targets.get(url);
    if (target === undefined) throw new Error(`${url} is not registered`);
    target.isDraining = true;
    await until(() => target.running === 0);
    target.forget();
    this.targets.delete(url);
  }

  isHealthy(url: string): boolean {
    return this.targets.get(url)?.isHealthy ?? false;
  }

  async stop(): Promise<void> {
    this.targets.forEach((target) => target.forget());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const target = this.choose();
    if (target === undefined) {
      this.refuse(response, 503, 'there is no healthy target');
      return;
    }
    target.running += 1;
    response.once('close', () => {
      target.running -= 1;
      this.served[target.colour] += 1;
    });
    const { hostname, port } = new URL(target.url);
    const { method, url: path, headers } = incoming;
    const upstream = request({ hostname, port, method, path, headers: endToEnd(headers), agent: target.agent });
    upstream.on('error', (error) => this.refuse(response, 502, `${target.url} ${method} ${path}: ${error.message}`));
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, endToEnd(answer.headers));
      answer.on('error', (error) => this.refuse(response, 502, `${target.url}, in its answer: ${error.message}`));
      answer.pipe(response);
    });
    incoming.pipe(upstream);
  }

  /** A colour by its weight, of it the task with the fewest requests: of the healthy ones, or of all when none is. */
  private choose(): Target | undefined {
    const colours = (['blue', 'green'] as const).filter((colour) => this.weights[colour] > 0);
    for (const colour of colours) this.credit[colour] += this.weights[colour];
    const [colour = 'blue'] = colours.sort((a, b) => this.credit[b] - this.credit[a]);
    this.credit[colour] -= 100;
    const registered = [...this.targets.values()].filter((each) => each.colour === colour && !each.isDraining);
    const healthy = registered.filter(({ isHealthy }) => isHealthy);
    return (healthy.length > 0 ? healthy : registered).sort((a, b) => a.running - b.running)[0];
  }

  private refuse(response: ServerResponse, status: number, fault: string): void {
    if (response.writableFinished || response.destroyed) return; // the whole answer is out
    this.faults.push(fault);
    if (response.headersSent) response.destroy();
    else response.writeHead(status, { 'content-type': 'text/html' }).end(`<html>${status}`);
  }
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
