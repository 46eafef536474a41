// OpenTelemetry's SDK, put together. Loaded only when a collector is named; nothing else imports the SDK. Sampler, limits, batches, headers
// and resource attributes are read from the environment by the SDK's own parts.
import { diag, DiagLogger, DiagLogLevel, Meter } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { randomUUID } from 'node:crypto';
import { PRODUCT_VERSION } from '../../product';
import { TelemetrySettings } from '../telemetry-settings';
import { SpanStarter } from '../tracing';
import { ExportTrouble } from './export-trouble';
import { spanStarter } from './recorded-span';

const SCOPE = '@app/platform';

export interface OpenTelemetry {
  readonly startSpan: SpanStarter | undefined;
  readonly meter: Meter | undefined;
  /** What the SDK's parts said of the environment. */
  readonly complaints: readonly string[];
  /** Exports what is left. Rejects when that fails; may take as long as an export may. */
  readonly shutdown: () => Promise<void>;
}

type Signal = Pick<BasicTracerProvider | MeterProvider, 'shutdown'>;

export function openTelemetry(service: string, settings: TelemetrySettings): OpenTelemetry {
  const complaints: string[] = [];
  diag.setLogger(collecting(complaints), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const resource = resourceOf(service);
  const tracing = settings.traces ? tracerProvider(resource) : undefined;
  const metering = settings.metrics ? meterProvider(resource, settings) : undefined;
  diag.disable(); // from here on its parts would complain with every export
  const signals = [tracing, metering].filter((signal): signal is NonNullable<typeof signal> => signal !== undefined);
  return {
    startSpan: tracing && spanStarter(tracing.getTracer(SCOPE, PRODUCT_VERSION)),
    meter: metering?.getMeter(SCOPE, PRODUCT_VERSION),
    complaints,
    shutdown: async () => {
      await Promise.all(signals.map((signal: Signal) => signal.shutdown()));
    },
  };
}

/** Without a context manager: a span's parent is always named. */
function tracerProvider(resource: Resource): BasicTracerProvider {
  const exporter = new WatchedTraceExporter();
  return new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
}

function meterProvider(resource: Resource, { exportIntervalMs, exportTimeoutMs }: TelemetrySettings): MeterProvider {
  const reader = new PeriodicExportingMetricReader({
    exporter: new WatchedMetricExporter(),
    exportIntervalMillis: exportIntervalMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  return new MeterProvider({ resource, readers: [reader] });
}

class WatchedTraceExporter extends OTLPTraceExporter {
  private readonly trouble = new ExportTrouble('traces');

  override export(...[spans, done]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, this.trouble.watch(done));
  }
}

class WatchedMetricExporter extends OTLPMetricExporter {
  private readonly trouble = new ExportTrouble('metrics');

  override export(...[metrics, done]: Parameters<OTLPMetricExporter['export']>): void {
    super.export(metrics, this.trouble.watch(done));
  }
}

/** The environment has the last word on each attribute. */
function resourceOf(service: string): Resource {
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': service,
        'service.namespace': 'image-classifier',
        'service.version': PRODUCT_VERSION,
        'service.instance.id': randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

function collecting(complaints: string[]): DiagLogger {
  const collect = (message: string) => void complaints.push(message);
  const ignore = () => undefined;
  return { error: collect, warn: collect, info: ignore, debug: ignore, verbose: ignore };
}
