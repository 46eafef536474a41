import { telemetrySettings } from './telemetry-settings';

const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';

describe('telemetrySettings', () => {
  it('asks for nothing unless a collector is named', () => {
    expect(telemetrySettings({})).toBeUndefined();
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ', OTEL_SERVICE_NAME: 'web' })).toBeUndefined();
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'True' })).toBeUndefined();
  });

  it('takes the defaults that OpenTelemetry documents', () => {
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual({
      traces: true,
      metrics: true,
      exportIntervalMs: 60_000,
      exportTimeoutMs: 30_000,
      complaints: [],
    });
  });

  it('knows signals apart', () => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = { OTEL_EXPORTER_OTLP_ENDPOINT };

    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint })).toMatchObject({
      traces: true,
      metrics: false,
    });
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toMatchObject({
      traces: false,
      metrics: true,
    });
  });

  it('complains of what it does not follow, and goes on', () => {
    const settings = telemetrySettings({
      OTEL_EXPORTER_OTLP_ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_METRIC_EXPORT_INTERVAL: 'often',
    });

    expect(settings?.exportIntervalMs).toBe(60_000);
    expect(settings?.complaints).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not followed: it is sent as http/json',
      'OTEL_METRIC_EXPORT_INTERVAL is not followed: it must be a whole number of milliseconds',
    ]);
  });

  it('never waits for an export longer than until the next', () => {
    expect(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: '5000' })).toMatchObject({
      exportIntervalMs: 5000,
      exportTimeoutMs: 5000,
    });
  });
});
