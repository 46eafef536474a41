// What the environment asks for, in OpenTelemetry's own variables:
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
// Read here is what decides whether the SDK is loaded, and what its parts do not read by themselves.
import { Environment } from '../config/load-config';

export interface TelemetrySettings {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly exportIntervalMs: number;
  /** At most the interval. */
  readonly exportTimeoutMs: number;
  /** What was set and is not followed. */
  readonly complaints: readonly string[];
}

const DEFAULT_EXPORT_INTERVAL_MS = 60_000;
const DEFAULT_EXPORT_TIMEOUT_MS = 30_000;

/** Nothing when no collector is named, or everything is switched off. */
export function telemetrySettings(env: Environment): TelemetrySettings | undefined {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return undefined;
  const traces = isWanted('TRACES', env);
  const metrics = isWanted('METRICS', env);
  if (!traces && !metrics) return undefined;

  const complaints: string[] = [];
  const protocol = env['OTEL_EXPORTER_OTLP_PROTOCOL']?.trim();
  if (protocol === 'grpc') complaints.push('OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not followed: it is sent as http/json');
  const milliseconds = (variable: string, otherwise: number): number => {
    const text = env[variable]?.trim() ?? '';
    const value = text === '' ? otherwise : Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    complaints.push(`${variable} is not followed: it must be a whole number of milliseconds`);
    return otherwise;
  };
  const exportIntervalMs = milliseconds('OTEL_METRIC_EXPORT_INTERVAL', DEFAULT_EXPORT_INTERVAL_MS);
  const exportTimeoutMs = milliseconds('OTEL_METRIC_EXPORT_TIMEOUT', DEFAULT_EXPORT_TIMEOUT_MS);
  return {
    traces,
    metrics,
    exportIntervalMs,
    exportTimeoutMs: Math.min(exportTimeoutMs, exportIntervalMs),
    complaints,
  };
}

function isWanted(signal: 'TRACES' | 'METRICS', env: Environment): boolean {
  if (env[`OTEL_${signal}_EXPORTER`]?.trim().toLowerCase() === 'none') return false;
  const endpoint = env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return (endpoint ?? '').trim() !== '';
}
