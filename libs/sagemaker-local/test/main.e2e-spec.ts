import { DescribeEndpointCommand, UpdateEndpointCommand } from '@aws-sdk/client-sagemaker';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../src/free-port';
import { Environment, ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';
import { clientOf } from './local-account';

function startMain(environment: Environment): ManagedProcess {
  return new ManagedProcess({
    command: [distFile('libs/sagemaker-local/src/main.js')],
    environment: { ...process.env, ...environment },
  });
}

async function untilHealthy(url: string): Promise<{ model: { pid: number; packageDir: string } }> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return (await response.json()) as { model: { pid: number; packageDir: string } }; // EndpointDescription
    await sleep(50);
  }
}

describe('the local endpoint as a process', () => {
  it('names every fault of its configuration and exits with 78', async () => {
    const { code, lastError } = await startMain({
      SAGEMAKER_LOCAL_PORT: 'x',
      SAGEMAKER_LOCAL_ENDPOINT_NAME: '-',
      SAGEMAKER_LOCAL_FIRST: 'last',
      LOG_LEVEL: 'loud',
    }).exited;

    expect(code).toBe(78);
    expect(lastError).toMatch(
      /SAGEMAKER_LOCAL_PORT .*; SAGEMAKER_LOCAL_ENDPOINT_NAME .*; SAGEMAKER_LOCAL_FIRST .*; LOG_LEVEL /,
    );
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

  it('takes a deployment over while it runs, and serves it after a restart', async () => {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const state = mkdtempSync(join(tmpdir(), 'state-'));
    const environment = {
      SAGEMAKER_LOCAL_PORT: String(port),
      SAGEMAKER_LOCAL_STATE_DIR: state,
      DRAIN_DELAY_MS: '0',
    };
    const before = startMain(environment);
    const first = await untilHealthy(`${url}/health`);
    const client = clientOf(url);
    const EndpointName = 'image-classifier';
    await client.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName: 'image-classifier-shipped' }));
    const statuses = new Set<string | undefined>();
    while (!statuses.has('InService')) {
      statuses.add((await client.send(new DescribeEndpointCommand({ EndpointName }))).EndpointStatus);
      await sleep(20);
    }
    const second = await untilHealthy(`${url}/health`);
    const { code } = await before.stop(20_000);
    const after = startMain(environment);
    const third = await untilHealthy(`${url}/health`);
    await after.stop(20_000);
    client.destroy();

    expect(first).toMatchObject({ stateFolder: state, model: { packageDir: resolve('models/everyday-objects') } });
    expect(statuses).toEqual(new Set(['Updating', 'InService']));
    expect(second.model.pid).not.toBe(first.model.pid);
    expect(second.model.packageDir).toContain(join(state, 'unpacked'));
    expect(code).toBe(0);
    expect(third.model.packageDir).toBe(second.model.packageDir);
  });

  it('says what is wrong with its state folder, and exits with 78', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'state-')), 'file');
    writeFileSync(file, '');
    const { code, lastError } = await startMain({ SAGEMAKER_LOCAL_PORT: '0', SAGEMAKER_LOCAL_STATE_DIR: file }).exited;

    expect(code).toBe(78);
    expect(lastError).toContain(`The state folder ${file} cannot be used: `);
  });

  it('passes on why the model container refuses a package, and exits with 78', async () => {
    const packageDir = mkdtempSync(join(tmpdir(), 'package-'));
    const { code, lastError } = await startMain({ SAGEMAKER_LOCAL_PORT: '0', SAGEMAKER_LOCAL_PACKAGE_DIR: packageDir })
      .exited;

    expect(code).toBe(78);
    expect(lastError).toContain('model.json');
  });
});
