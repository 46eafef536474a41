import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { startCountingProxy } from './counting-proxy';

describe('the counting proxy', () => {
  it('passes requests on and counts the bytes of both ways', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.end('x'.repeat(5000)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = await startCountingProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

    const reply = await fetch(proxy.url, { method: 'POST', body: 'y'.repeat(20_000) });
    expect(await reply.text()).toHaveLength(5000);
    proxy.stop();
    server.close();

    expect(proxy.counted.there).toBeGreaterThan(20_000);
    expect(proxy.counted.there).toBeLessThan(21_000);
    expect(proxy.counted.back).toBeGreaterThan(5000);
    expect(proxy.counted.back).toBeLessThan(6000);
  });
});
