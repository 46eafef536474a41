import { createApp } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { MonitorConfig } from './monitor.config';
import { MonitorModule } from './monitor.module';
import { MessageServer } from './transport/message-server';
import { TrafficCounters } from './transport/traffic-counters';

/** Builds monitor, which takes messages over Nest's TCP transport and probes over HTTP; used by `main.ts` and by every test. */
export async function createMonitorApp(config: MonitorConfig): Promise<NestExpressApplication> {
  const app = await createApp(MonitorModule.forRoot(config));
  const { host, port } = config;
  app.connectMicroservice({ strategy: new MessageServer({ host, port }, app.get(TrafficCounters)) });
  return app;
}
