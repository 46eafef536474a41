import { Logger } from '@nestjs/common';
import { ClientTCP } from '@nestjs/microservices';
import { connect, Server } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageServer } from './message-server';
import { TrafficCounters } from './traffic-counters';

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('MessageServer', () => {
  const counters = new TrafficCounters();
  let server: MessageServer;
  let client: ClientTCP;
  let port: number;

  beforeEach(async () => {
    server = new MessageServer({ host: '127.0.0.1', port: 0 }, counters);
    await new Promise<void>((resolve) => server.listen(() => resolve()));
    const address = server.unwrap<Server>().address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    client = new ClientTCP({ host: '127.0.0.1', port });
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });

  /** Sends a message whose answer is on its way when this returns. */
  async function begin(answer: () => Promise<string>): Promise<Promise<string>[]> {
    let begun: () => void = () => undefined;
    const inHand = new Promise<void>((resolve) => (begun = resolve));
    server.addHandler('work', async () => {
      begun();
      return await answer();
    });
    const reply = firstValueFrom(client.send<string>('work', {}));
    await inHand;
    return [reply];
  }

  it('answers what is in hand before it closes', async () => {
    const [reply] = await begin(() => sleep(200, 'done'));

    await Promise.all([server.close(), expect(reply).resolves.toBe('done')]);
  });

  it('lets a slow reader have an answer to its end', async () => {
    const answer = 'x'.repeat(3_500_000);
    server.addHandler('work', () => Promise.resolve(answer));
    let received = 0;
    const socket = connect(port, '127.0.0.1', () => socket.write('27#{"pattern":"work","id":"1"}'));
    socket.on('data', (data) => (received += data.length));
    const ended = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.once('data', resolve));

    socket.pause();
    const closing = server.close();
    await sleep(200);
    socket.resume();

    await Promise.all([closing, ended]);
    expect(received).toBeGreaterThan(answer.length);
  });

  it('takes no new connection while it closes', async () => {
    const [reply] = await begin(() => sleep(200, 'done'));
    const closing = server.close();

    const outcome = await new Promise((resolve) =>
      connect(port, '127.0.0.1').on('error', resolve).on('connect', resolve),
    );

    expect(outcome).toMatchObject({ code: 'ECONNREFUSED' });
    await Promise.all([closing, reply]);
  });
});
