import { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';

/** Creates a Nest app as all services want it: our logger from the first line, no body parser, nothing that tells about Express. */
export async function createApp(module: Type | DynamicModule): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs(); // Nest would keep them until it listens, and lose them when it cannot
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('env', 'production'); // or Express's own last resort would answer with a stack
  return app;
}
