/**
 * Stands in for any tier: listens where it is told, is ready as a tier is, logs as a tier does, and ends badly when it
 * is asked to by `POST /die`.
 */
import { createServer } from 'node:http';

const { SAGEMAKER_LOCAL_PORT, MONITOR_HTTP_PORT, WAS_PORT, WEB_PORT, WEB_HOST = '127.0.0.1' } = process.env;
const { service, port, nextUrl } =
  SAGEMAKER_LOCAL_PORT !== undefined
    ? { service: 'endpoint', port: SAGEMAKER_LOCAL_PORT }
    : MONITOR_HTTP_PORT !== undefined
      ? { service: 'monitor', port: MONITOR_HTTP_PORT }
      : WAS_PORT !== undefined
        ? { service: 'was', port: WAS_PORT, nextUrl: process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] }
        : { service: 'web', port: WEB_PORT, nextUrl: process.env['WEB_WAS_URL'] };

if (service === process.env['STAND_IN_REFUSES']) {
  log('fatal', 'The configuration is wrong');
  process.exit(78);
}

function log(level: string, msg: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), service, msg, ...fields })}\n`);
}

async function isWell(): Promise<boolean> {
  return nextUrl === undefined || (await fetch(`${nextUrl}/health`)).ok;
}

const server = createServer((request, response) => {
  if (request.url === '/die') {
    log('error', 'the disk is full');
    process.exit(7);
  }
  void isWell().then((well) => {
    response.writeHead(well ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'ok', tiers: [{ name: 'model', version: 'stand-in 1.0.0' }] }));
  });
});
server.listen(Number(port), service === 'web' ? WEB_HOST : '127.0.0.1', () =>
  log('info', 'listening', { pid: process.pid, nextUrl, processId: process.pid, at: `127.0.0.1:${port}` }),
);
process.on('SIGTERM', () => {
  if (process.env['STAND_IN_IGNORES_SIGTERM'] === 'true') return;
  log('info', 'stopping');
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 100);
});
