import { once } from 'node:events';
import { Agent, createServer, get, IncomingMessage, RequestListener, Server } from 'node:http';
import { AddressInfo, connect, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Farewell } from './farewell';

describe('the farewell of a server', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let server: Server;
  let farewell: Farewell;
  let port: number;

  async function start(listener: RequestListener): Promise<void> {
    server = createServer(listener);
    farewell = new Farewell(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port; // a TCP server that listens has an AddressInfo
  }

  afterEach(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  async function ask(): Promise<{ connection: string | undefined; socket: Socket }> {
    const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
    const { socket } = response;
    response.resume();
    await once(response, 'end');
    return { connection: response.headers.connection, socket };
  }

  it('asks for another connection, on those that are kept and on new ones', async () => {
    await start((_request, response) => response.end('done'));
    const before = await ask();

    farewell.begin();
    const kept = await ask();
    const fresh = await ask();

    expect([before, kept, fresh].map(({ connection }) => connection)).toEqual(['keep-alive', 'close', 'close']);
    expect(kept.socket).toBe(before.socket);
    expect(fresh.socket).not.toBe(kept.socket);
  });

  it('asks for it in an answer that is being worked on', async () => {
    let finish: () => void = () => undefined;
    await start((_request, response) => (finish = () => response.end('done')));
    const answer = ask();
    await once(server, 'request');

    farewell.begin();
    finish();

    expect((await answer).connection).toBe('close');
  });

  it('leaves an answer alone whose head is out', async () => {
    let finish: () => void = () => undefined;
    await start((_request, response) => {
      response.write('first ');
      finish = () => response.end('last');
    });
    const answer = ask();
    await once(server, 'request');

    farewell.begin();
    finish();

    expect((await answer).connection).toBe('keep-alive');
  });

  it('closes kept connections when the server is closed', async () => {
    await start((_request, response) => response.end('done'));
    const { socket } = await ask();
    const closed = once(socket, 'close');

    server.close();

    await expect(closed).resolves.toBeDefined();
  });

  it('lets a slow reader have an answer to its end', async () => {
    const size = 30_000_000; // more than the system takes for a connection
    await start((_request, response) => response.setHeader('content-length', size).end(Buffer.alloc(size)));
    let received = 0;
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('data', (data) => (received += data.length));
    const ended = once(socket, 'close');
    await once(socket, 'data');

    socket.pause();
    farewell.begin();
    const closed = new Promise((resolve) => server.close(resolve));
    const sweep = setInterval(() => server.closeIdleConnections(), 10);
    await sleep(100);
    socket.resume();

    await Promise.all([ended, closed]);
    clearInterval(sweep);
    expect(received).toBeGreaterThan(size);
  });
});
