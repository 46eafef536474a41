import { once } from 'node:events';
import { createServer } from 'node:net';
import { choosePorts, PortError } from './choose-ports';
import { DEFAULT_PORTS } from './tiers';

const HOST = '127.0.0.1';

describe('the ports of the tiers', () => {
  it('are all different, and those that are not the usual ones are told', async () => {
    const neighbour = createServer().listen(DEFAULT_PORTS.monitor.messages, HOST);
    neighbour.on('error', () => undefined); // somebody else has it already, which is as good
    await Promise.race([once(neighbour, 'listening'), once(neighbour, 'error')]).catch(() => undefined);
    const said: string[] = [];

    const { monitor, ...ports } = await choosePorts(
      { port: undefined, host: HOST, monitor: true },
      (text) => void said.push(text),
    );
    neighbour.close();

    expect(new Set([...Object.values(ports), monitor?.messages, monitor?.http]).size).toBe(5);
    expect(said.join()).toContain(`8082 is in use, monitor takes ${monitor?.messages}`);
    expect(monitor?.messages).toBeGreaterThan(DEFAULT_PORTS.monitor.http);
  });

  it('are none for a monitor that is not wanted', async () => {
    const ports = await choosePorts({ port: undefined, host: HOST, monitor: false }, () => undefined);
    expect(ports).not.toHaveProperty('monitor');
  });

  it('cannot be those of another machine', async () => {
    const options = { port: undefined, host: '192.0.2.1', monitor: false };
    await expect(choosePorts(options, () => undefined)).rejects.toThrow(PortError);
  });
});
