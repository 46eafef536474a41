import { BatchReceipt, EventBatch, MonitoringPattern } from '@app/contracts/monitoring';
import { ServerTCP } from '@nestjs/microservices';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { AddressInfo, Server } from 'node:net';
import { NEVER, Observable, of, throwError } from 'rxjs';

/** Of each batch: the receipt for a full one would take a second otherwise. */
const VALIDATED_EVENTS = 5;

export type Answer = () => Observable<unknown>;

/** How monitor may be: each answers a batch. */
export const well: Answer = () => of({ accepted: true, missingBaselines: [] } satisfies BatchReceipt);
export const hung: Answer = () => NEVER;
export const refusing: Answer = () => throwError(() => ({ code: 'refused', message: 'events must be an array' }));

/** Nest's own TCP server in place of monitor, which does as the test tells it, and remembers what it was told. */
export class ScriptedMonitor {
  readonly batches: EventBatch[] = [];
  readonly baselines: unknown[] = [];
  readonly questions: { readonly pattern: string; readonly query: unknown }[] = [];
  /** Connections that are open, and the most that ever were. */
  connections = 0;
  mostConnections = 0;
  answer: Answer = well;
  /** To `summary`, `drift` and `recent`. */
  answerQuestion: Answer = () => of({ events: [] });

  private constructor(
    readonly port: number,
    private server: ServerTCP | undefined,
  ) {}

  /** On a port of its own; `port` for one that comes back. */
  static async start(): Promise<ScriptedMonitor> {
    const server = await listening(0);
    const monitor = new ScriptedMonitor((server.unwrap<Server>().address() as AddressInfo).port, server); // a TCP server has one
    monitor.listenTo(server);
    return monitor;
  }

  /** As if it were killed: connections break, and nobody listens. */
  kill(): void {
    this.server?.close();
    this.server = undefined;
  }

  async comeBack(): Promise<void> {
    this.server = await listening(this.port);
    this.listenTo(this.server);
  }

  get env(): Record<string, string> {
    return { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: String(this.port) };
  }

  get events(): EventBatch['events'] {
    return this.batches.flatMap(({ events }) => events);
  }

  /** Waits until it holds; a test that waits in vain ends with Jest's limit. */
  async until(holds: (monitor: this) => boolean): Promise<void> {
    while (!holds(this)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private listenTo(server: ServerTCP): void {
    server.unwrap<Server>().on('connection', (socket) => {
      this.connections += 1;
      this.mostConnections = Math.max(this.mostConnections, this.connections);
      socket.on('close', () => (this.connections -= 1));
    });
    server.addHandler(MonitoringPattern.events, (batch: EventBatch) => {
      const { events, ...head } = batch;
      const some = { ...head, events: events.slice(0, VALIDATED_EVENTS) };
      const faults = validateSync(plainToInstance(EventBatch, some), { whitelist: true, forbidNonWhitelisted: true });
      if (faults.length > 0) throw new Error(`a batch that monitor would refuse: ${String(faults)}`);
      this.batches.push(batch);
      return Promise.resolve(this.answer());
    });
    server.addHandler(MonitoringPattern.baseline, (baseline: unknown) => {
      this.baselines.push(baseline);
      return Promise.resolve(of({ accepted: true }));
    });
    for (const pattern of [MonitoringPattern.summary, MonitoringPattern.drift, MonitoringPattern.recent]) {
      server.addHandler(pattern, (query: unknown) => {
        this.questions.push({ pattern, query });
        return Promise.resolve(this.answerQuestion());
      });
    }
  }
}

async function listening(port: number): Promise<ServerTCP> {
  const server = new ServerTCP({ host: '127.0.0.1', port });
  await new Promise<void>((resolve) => server.listen(() => resolve()));
  return server;
}
