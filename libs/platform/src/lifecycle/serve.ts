import { MediaType, ProblemError } from '@app/contracts';
import { Logger } from '@nestjs/common';
import { NestExpressApplication } from '@nestjs/platform-express';
import { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { Readiness } from '../health/readiness';
import { stopTelemetry, tellTelemetry } from '../telemetry';
import { Farewell } from './farewell';
import { tuneHeap } from './tune-heap';

/** An ALB keeps idle connections for 60 s; the side that closes first must not be us (nodejs/node#20256). */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Above the keep-alive timeout, or Node cuts a kept connection whose next request is just arriving. */
const HEADERS_TIMEOUT_MS = 66_000;

/** SageMaker sends SIGKILL 30 s after SIGTERM, ECS when its stop timeout is over; what still runs after this long is cut off. */
export const DRAIN_LIMIT_MS = 20_000;

const SWEEP_INTERVAL_MS = 100;

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  /** How long new requests are still taken after SIGTERM, until load balancers have noticed that we are not ready. */
  readonly drainDelayMs: number;
}

/** Listens, and gives the port that was bound. Used by `main.ts` and by tests, which listen on port 0. */
export async function listen(app: NestExpressApplication, port: number, host: string): Promise<number> {
  const server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.on('clientError', refuseMalformed);
  await app.init();
  await app.startAllMicroservices(); // of an app that takes messages as well; after its parts are ready for them
  await app.listen(port, host);
  return (server.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo
}

/** For `main.ts`: listens, says so, and on SIGTERM or SIGINT drains and exits with code 0. */
export async function serve(app: NestExpressApplication, options: ServeOptions): Promise<void> {
  const logger = new Logger('Lifecycle');
  tuneHeap();
  const farewell = new Farewell(app.getHttpServer());
  try {
    const port = await listen(app, options.port, options.host);
    logger.log({ port, host: options.host }, 'listening');
    tellTelemetry();
  } catch (error) {
    logger.fatal(`cannot listen: ${String(error)}`); // Node names the address
    process.exit(1);
  }
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      farewell.begin();
      void drain(app, options.drainDelayMs, logger).then(() => process.exit(0));
    });
  }
}

/** Not ready at once, and no connection is kept; a while later no new connections; what runs is finished or, after the limit, cut off. */
async function drain(app: NestExpressApplication, delayMs: number, logger: Logger): Promise<void> {
  logger.log('draining');
  app.get(Readiness, { strict: false }).drain();
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const server = app.getHttpServer();
  const cutOff = setTimeout(() => {
    logger.warn('cutting off what still runs');
    server.closeAllConnections();
  }, DRAIN_LIMIT_MS);
  // Kept connections become idle when their last reply is out; nothing else would close them then.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
  await app.close();
  clearInterval(sweep);
  clearTimeout(cutOff);
  await stopTelemetry();
  logger.log('stopped');
}

/** Requests that Node's parser refuses never reach Express: bad syntax, or headers over 16 KB. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new ProblemError('headers-too-large', {})
      : new ProblemError('malformed-request', { reason: 'not-http' });
  const body = JSON.stringify(problem.toDocument());
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.code}`,
      `content-type: ${MediaType.problem}`,
      'content-language: en',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
