import { findFreePort } from '@app/sagemaker-local';
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { isPortFree, nextFreePort } from './ports';

describe('ports', () => {
  let neighbour: Server;
  let taken: number;

  beforeEach(async () => {
    taken = await findFreePort();
    neighbour = createServer().listen(taken, '127.0.0.1');
    await once(neighbour, 'listening');
  });
  afterEach(() => neighbour.close());

  it('are free when nobody listens', async () => {
    expect(await isPortFree(await findFreePort(), '127.0.0.1')).toBe(true);
  });

  it('are taken when somebody listens, on this address or on all', async () => {
    expect(await isPortFree(taken, '127.0.0.1')).toBe(false);
    expect(await isPortFree(taken, '0.0.0.0')).toBe(false);
  });

  it('are searched upwards, past those that are taken or reserved', async () => {
    const next = await nextFreePort(taken, '127.0.0.1', new Set([taken + 1]));

    expect(next).toBeGreaterThan(taken + 1);
    expect(await isPortFree(next, '127.0.0.1')).toBe(true);
  });

  it('cannot be asked of an address that this machine does not have', async () => {
    await expect(isPortFree(await findFreePort(), '192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
