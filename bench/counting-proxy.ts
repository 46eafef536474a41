// Passes TCP on and counts what goes through, headers and all.
import { AddressInfo, connect, createServer, Socket } from 'node:net';
import { once } from 'node:events';

export interface CountingProxy {
  readonly url: string;
  readonly counted: { readonly there: number; readonly back: number };
  readonly stop: () => void;
}

export async function startCountingProxy(destination: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(destination);
  const counted = { there: 0, back: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          near.destroy();
          far.destroy();
          sockets.delete(socket);
        });
    }
    near.on('data', (chunk: Buffer) => (counted.there += chunk.length)).pipe(far);
    far.on('data', (chunk: Buffer) => (counted.back += chunk.length)).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    counted,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
