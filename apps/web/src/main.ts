import { loadConfigOrExit, serve } from '@app/platform';
import { startTelemetry } from '@app/platform/telemetry';
import { createWebApp } from './create-web-app';
import { WebConfig } from './web.config';

async function main(): Promise<void> {
  const config = loadConfigOrExit(WebConfig, process.env);
  await startTelemetry('web', process.env);
  await serve(await createWebApp(config), config);
}

void main();
