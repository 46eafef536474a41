// An OpenTelemetry collector for tests: takes OTLP over HTTP in its JSON encoding, and keeps what it got. It can also hang.
// https://opentelemetry.io/docs/specs/otlp/#otlphttp
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Values = Readonly<Record<string, string | number | boolean>>;

export interface CollectedSpan {
  /** `service.name` of who sent it. */
  readonly service: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Values;
  /** Whether its status is an error. */
  readonly failed: boolean;
}

export interface CollectedPoint {
  readonly service: string;
  readonly metric: string;
  readonly unit: string;
  readonly attributes: Values;
  /** Of a histogram the count. */
  readonly value: number;
}

interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: number | string;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}
interface Point {
  readonly attributes: readonly Attribute[];
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly count?: number | string;
}
interface Resource {
  readonly resource: { readonly attributes: readonly Attribute[] };
}
interface TracesData {
  readonly resourceSpans: readonly (Resource & {
    readonly scopeSpans: readonly { readonly spans: readonly SpanData[] }[];
  })[];
}
interface SpanData extends Pick<CollectedSpan, 'name' | 'kind' | 'traceId' | 'spanId' | 'parentSpanId'> {
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}
interface MetricsData {
  readonly resourceMetrics: readonly (Resource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly MetricData[] }[];
  })[];
}
interface MetricData {
  readonly name: string;
  readonly unit: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  /** Of the latest export of each service. */
  readonly points = new Map<string, readonly CollectedPoint[]>();
  /** All that was sent, as it was sent. */
  readonly bodies: string[] = [];
  /** Whether requests are left without an answer. */
  isHung = false;
  requests = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.take(request, response));
  }

  static async start(port = 0): Promise<OtlpCollector> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new OtlpCollector(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port; // it listens
  }

  /** What OTEL_EXPORTER_OTLP_ENDPOINT is set to. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  spansOf(traceId: string): readonly CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  /** Of one metric, from all services. */
  pointsOf(metric: string): readonly CollectedPoint[] {
    return [...this.points.values()].flat().filter((point) => point.metric === metric);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.requests += 1;
    if (this.isHung) return;
    this.bodies.push(body);
    if (request.url === '/v1/traces') this.spans.push(...spansIn(JSON.parse(body) as TracesData));
    else for (const [service, points] of pointsIn(JSON.parse(body) as MetricsData)) this.points.set(service, points);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

function spansIn({ resourceSpans }: TracesData): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }) => ({
        ...span,
        service: serviceOf(resource),
        startedAt: BigInt(startTimeUnixNano),
        endedAt: BigInt(endTimeUnixNano),
        attributes: valuesOf(attributes),
        failed: status.code === 2,
      })),
  );
}

function pointsIn({ resourceMetrics }: MetricsData): [service: string, points: CollectedPoint[]][] {
  return resourceMetrics.map(({ resource, scopeMetrics }) => {
    const service = serviceOf(resource);
    const points = scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ name: metric, unit, sum, gauge, histogram }) =>
        (sum ?? gauge ?? histogram)?.dataPoints.map(({ attributes, asInt, asDouble, count }) => {
          const value = Number(asInt ?? asDouble ?? count);
          return { service, metric, unit, attributes: valuesOf(attributes), value };
        }),
      );
    return [service, points.filter((point) => point !== undefined)];
  });
}

function serviceOf({ attributes }: Resource['resource']): string {
  return String(valuesOf(attributes)['service.name']);
}

function valuesOf(attributes: readonly Attribute[]): Values {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? boolValue ?? Number(intValue ?? doubleValue),
    ]),
  );
}
