import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../src/free-port';
import { Environment, ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';

function startMain(environment: Environment): ManagedProcess {
  return new ManagedProcess({
    command: [distFile('libs/sagemaker-local/src/main.js')],
    environment: { ...process.env, ...environment },
  });
}

async function untilHealthy(url: string): Promise<{ model: { pid: number } }> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return (await response.json()) as { model: { pid: number } }; // EndpointDescription
    await sleep(50);
  }
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

  it('serves the model that ships, and on SIGTERM stops it and exits with 0', async () => {
    const port = await findFreePort();
    const main = startMain({ SAGEMAKER_LOCAL_PORT: String(port), DRAIN_DELAY_MS: '0' });
    const health = await untilHealthy(`http://127.0.0.1:${port}/health`);
    const { code } = await main.stop(20_000);

    expect(health).toMatchObject({ status: 'InService', endpointName: 'image-classifier', model: { ready: true } });
    expect(code).toBe(0);
    expect(() => process.kill(health.model.pid, 0)).toThrow('ESRCH');
  });

  it('passes on why the model container refuses a package, and exits with 78', async () => {
    const packageDir = mkdtempSync(join(tmpdir(), 'package-'));
    const { code, lastError } = await startMain({ SAGEMAKER_LOCAL_PORT: '0', SAGEMAKER_LOCAL_PACKAGE_DIR: packageDir })
      .exited;

    expect(code).toBe(78);
    expect(lastError).toContain('model.json');
  });
});
