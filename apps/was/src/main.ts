import { loadConfigOrExit, serve } from '@app/platform';
import { startTelemetry } from '@app/platform/telemetry';
import { createWasApp } from './create-was-app';
import { WasConfig } from './was.config';

async function main(): Promise<void> {
  const config = loadConfigOrExit(WasConfig, process.env);
  await startTelemetry('was', process.env);
  await serve(await createWasApp(config), config);
}

void main();
