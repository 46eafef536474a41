// Telemetry of this process: begun before the app is built, ended after it is closed.
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Environment } from '../config/load-config';
import { recordMetrics } from './metrics';
import { observeProcess } from './process-metrics';
import { telemetrySettings } from './telemetry-settings';
import { recordSpans } from './tracing';

/** How much longer an end may take because of what is still to be exported. */
export const FLUSH_LIMIT_MS = 2000;

interface Running {
  readonly signals: readonly string[];
  readonly complaints: readonly string[];
  readonly shutdown: () => Promise<void>;
}

let running: Running | undefined;

export function isTelemetryOn(): boolean {
  return running !== undefined;
}

/**
 * Loads OpenTelemetry's SDK and begins to record, when the environment names a collector; else nothing is loaded. Never throws: a
 * service without telemetry is better than none.
 *
 * @param service `web`, `was`, ...: what the service is called where `OTEL_SERVICE_NAME` does not say it
 */
export async function startTelemetry(service: string, env: Environment): Promise<void> {
  const settings = telemetrySettings(env);
  if (settings === undefined || running !== undefined) return;
  try {
    const { openTelemetry } = await import('./sdk/open-telemetry.js');
    const { startSpan, meter, complaints, shutdown } = openTelemetry(service, settings);
    recordSpans(startSpan);
    recordMetrics(meter);
    if (meter !== undefined) observeProcess();
    const signals = [...(settings.traces ? ['traces'] : []), ...(settings.metrics ? ['metrics'] : [])];
    running = { signals, complaints: [...settings.complaints, ...complaints], shutdown };
  } catch (error) {
    const complaint = `telemetry could not be started: ${error instanceof Error ? error.message : String(error)}`;
    running = { signals: [], complaints: [complaint], shutdown: () => Promise.resolve() };
  }
}

/** Logs what is exported, and what was asked for and is not done; when the app's logger is there. */
export function tellTelemetry(): void {
  if (running === undefined) return;
  const logger = new Logger('Telemetry');
  for (const complaint of running.complaints) logger.warn(complaint);
  if (running.signals.length > 0) logger.log(`exporting ${running.signals.join(' and ')}`);
}

/** Exports what is left, as far as it gets within `FLUSH_LIMIT_MS`; afterwards nothing is recorded. */
export async function stopTelemetry(): Promise<void> {
  if (running === undefined) return;
  const { shutdown } = running;
  running = undefined;
  recordSpans(undefined);
  const waiting = new AbortController();
  const limit = sleep(FLUSH_LIMIT_MS, undefined, { signal: waiting.signal });
  await Promise.race([shutdown().catch(ignore), limit.catch(ignore)]);
  waiting.abort();
  recordMetrics(undefined);
}

/** What could not be exported was told by then. */
function ignore(): void {
  return;
}
