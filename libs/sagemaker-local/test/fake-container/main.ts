/**
 * A stand-in for a foreign model container, as a process: answers /ping and /invocations, and does what
 * `behaviour.json` in its package and `do=...` in the custom attributes of a request say.
 */
import { readFileSync } from 'node:fs';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Behaviour } from '../package-folder';

const folder = process.env['MODEL_DIR'] ?? '';
const behaviour = JSON.parse(readFileSync(join(folder, 'behaviour.json'), 'utf8')) as Behaviour; // written by our tests

if (behaviour.refuse !== undefined) {
  process.stderr.write(`${behaviour.refuse}\n`);
  process.exit(78);
}
if (behaviour.crash === true) throw new TypeError('the fake container crashed');

const readyAt = Date.now() + (behaviour.startMs ?? 0);

async function invoke(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.byteLength;
  const attributes = new URLSearchParams(String(request.headers['x-amzn-sagemaker-custom-attributes'] ?? ''));
  const json = (status: number, body: object): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-sagemaker-custom-attributes': `version=${behaviour.version}`,
      'x-internal': 'never seen outside',
    });
    response.end(JSON.stringify(body));
  };
  switch (attributes.get('do')) {
    case 'hang':
      return;
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"half":');
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
      return;
    case 'garbage':
      request.socket.end('this is not HTTP\r\n\r\n');
      return;
    case 'html':
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html><h1>Bad Gateway</h1></html>');
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(Buffer.alloc(7_000_000));
      return;
    case 'status':
      json(Number(attributes.get('status')), { error: 'as asked' });
      return;
    default:
      await new Promise((resolve) => setTimeout(resolve, behaviour.answerMs ?? 0));
      json(200, {
        version: behaviour.version,
        modelVersion: process.env['MODEL_VERSION'],
        pid: process.pid,
        bytes,
        headers: request.headers,
      });
  }
}

const server = createServer((request, response) => {
  if (request.url === '/ping') {
    response.writeHead(Date.now() >= readyAt ? 200 : 503).end();
  } else {
    void invoke(request, response);
  }
});
server.listen(Number(process.env['SAGEMAKER_BIND_TO_PORT']), '127.0.0.1');
process.on('SIGTERM', () => {
  if (behaviour.ignoresSigterm === true) return;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
