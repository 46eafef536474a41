import { loadConfigOrExit, serve } from '@app/platform';
import { startTelemetry } from '@app/platform/telemetry';
import { createMonitorApp } from './create-monitor-app';
import { MonitorConfig } from './monitor.config';

async function main(): Promise<void> {
  const config = loadConfigOrExit(MonitorConfig, process.env);
  await startTelemetry('monitor', process.env);
  const { host, httpPort, drainDelayMs } = config;
  await serve(await createMonitorApp(config), { host, port: httpPort, drainDelayMs });
}

void main();
