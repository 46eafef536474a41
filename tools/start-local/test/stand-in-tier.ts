/**
 * Stands in for any tier: listens where it is told, is ready as a tier is, logs as a tier does, and ends badly when it
 * is asked to by `POST /die`.
 */
import { createServer } from 'node:http';

const { SAGEMAKER_LOCAL_PORT, WAS_PORT, WEB_PORT, WEB_HOST = '127.0.0.1', WEB_WAS_URL } = process.env;
const service = SAGEMAKER_LOCAL_PORT !== undefined ? 'endpoint' : WAS_PORT !== undefined ? 'was' : 'web';
const nextUrl = { endpoint: undefined, was: process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'], web: WEB_WAS_URL }[
  service
];

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
server.listen(Number(SAGEMAKER_LOCAL_PORT ?? WAS_PORT ?? WEB_PORT), service === 'web' ? WEB_HOST : '127.0.0.1', () =>
  log('info', 'listening', { pid: process.pid, nextUrl, processId: process.pid }),
);
process.on('SIGTERM', () => {
  if (process.env['STAND_IN_IGNORES_SIGTERM'] === 'true') return;
  log('info', 'stopping');
  server.closeAllConnections();
  setTimeout(() => process.exit(0), 100);
});
