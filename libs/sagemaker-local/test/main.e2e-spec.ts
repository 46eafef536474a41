import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import { Environment, ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';

function startMain(environment: Environment): ManagedProcess {
  return new ManagedProcess({
    command: [distFile('libs/sagemaker-local/src/main.js')],
    environment: { ...process.env, ...environment },
  });
}

describe('the local endpoint as a process', () => {
  it('names every fault of its configuration and exits with 78', async () => {
    const { code, lastError } = await startMain({
      SAGEMAKER_LOCAL_PORT: 'x',
      SAGEMAKER_LOCAL_ENDPOINT_NAME: '-',
      LOG_LEVEL: 'loud',
    }).exited;

    expect(code).toBe(78);
    expect(lastError).toMatch(/SAGEMAKER_LOCAL_PORT .*; SAGEMAKER_LOCAL_ENDPOINT_NAME .*; LOG_LEVEL /);
  });

  it('says that its port is taken', async () => {
    const neighbour = createServer().listen(0, '127.0.0.1');
    await once(neighbour, 'listening');
    const { port } = neighbour.address() as AddressInfo; // it listens on TCP
    const { code, lastError } = await startMain({ SAGEMAKER_LOCAL_PORT: String(port) }).exited;
    neighbour.close();

    expect(code).toBe(1);
    expect(lastError).toContain(`EADDRINUSE: address already in use 127.0.0.1:${port}`);
  });
});
