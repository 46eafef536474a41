import * as sdk from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../src/hosting/endpoint-processes';
import { FollowingEndpoint, FollowingEndpointOptions } from '../src/hosting/following-endpoint';
import { ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';
import { StateFolder } from '../src/state';
import { clientOf, ENDPOINT, fakeContainer, LocalAccount, openAccount } from './local-account';
import { packageFolder } from './package-folder';

let account: LocalAccount;
let endpoint: FollowingEndpoint | undefined;
const processes: ManagedProcess[] = [];

async function follow(options: Partial<FollowingEndpointOptions> = {}): Promise<FollowingEndpoint> {
  endpoint = await FollowingEndpoint.start({
    state: account.state,
    endpointName: ENDPOINT,
    packageDir: account.shippedPackageDir,
    port: 0,
    environment: process.env,
    command: fakeContainer,
    ...options,
  });
  return endpoint;
}

/** Ends the endpoint that is followed here and starts another one. */
async function restart(options: Partial<FollowingEndpointOptions> = {}): Promise<FollowingEndpoint> {
  await endpoint?.stop();
  return follow(options);
}

/** Starts a following endpoint in a process of its own and gives its address. */
async function followInProcess(): Promise<{ process: ManagedProcess; url: string }> {
  let url: string | undefined;
  const following = new ManagedProcess({
    command: [distFile('libs/sagemaker-local/test/follow-process.js'), account.state.root, account.shippedPackageDir],
    environment: process.env,
    onLine: (line) => (url = line),
  });
  processes.push(following);
  while (url === undefined) await sleep(10);
  return { process: following, url };
}

/** What the fake container tells of itself. */
async function answerOf(url = endpoint?.local.url ?? ''): Promise<{ version: string; modelVersion?: string }> {
  const response = await fetch(`${url}/endpoints/${ENDPOINT}/invocations`, { method: 'POST', body: 'image' });
  return (await response.json()) as { version: string }; // fake-container/main.ts
}

const describeEndpoint = () => account.client.send(new sdk.DescribeEndpointCommand({ EndpointName: ENDPOINT }));

beforeEach(async () => (account = await openAccount()));
afterEach(async () => {
  await endpoint?.stop();
  endpoint = undefined;
  for (const each of processes.splice(0)) {
    each.kill();
    await each.exited;
  }
  await account.stop();
});

describe('an endpoint that follows the state folder', () => {
  it('serves the package folder until something is deployed, and unpacks nothing for it', async () => {
    await follow();
    await describeEndpoint(); // makes the account

    await sleep(600); // longer than it takes to look again
    expect(await answerOf()).toMatchObject({ version: 'shipped' });
    expect(endpoint?.local.describe().model.packageDir).toBe(account.shippedPackageDir);
    expect(await account.state.list('unpacked')).toEqual([]);
  });

  it('serves what was deployed before it was there, and is found', async () => {
    await account.update(await account.makeConfig({ version: '2' }));
    await account.settled();
    await follow();

    expect(await answerOf()).toMatchObject({ version: '2' });
    expect(await account.server.runningEndpoint(ENDPOINT)).toEqual({ pid: process.pid, url: endpoint?.local.url });
  });

  it('takes a deployment over without a failed request, and back again', async () => {
    await follow();
    const runtime = new SageMakerRuntimeClient({
      region: 'us-east-1',
      endpoint: endpoint?.local.url ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    let isOver = false;
    const versions: string[] = [];
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const { Body } = await runtime.send(new InvokeEndpointCommand({ EndpointName: ENDPOINT, Body: 'image' }));
        versions.push((JSON.parse(Body.transformToString()) as { version: string }).version);
        await sleep(5);
      }
    });
    await account.update(await account.makeConfig({ version: '2' }, { MODEL_VERSION: '2.0.0' }));
    const deployed = await account.settled();
    const answer = await answerOf();
    await account.update('image-classifier-shipped');
    const rolledBack = await account.settled();
    await sleep(50);
    isOver = true;
    await Promise.all(load);
    runtime.destroy();

    expect(deployed).toMatchObject({ EndpointStatus: 'InService' });
    expect(answer).toMatchObject({ version: '2', modelVersion: '2.0.0' });
    expect(rolledBack).toMatchObject({ EndpointConfigName: 'image-classifier-shipped' });
    expect([...new Set(versions)]).toEqual(['shipped', '2']);
    expect(versions.at(-1)).toBe('shipped');
    expect((await answerOf()).modelVersion).toBe('0.1.0');
  });

  it('serves on when a deployment fails, and says why', async () => {
    await follow();
    await account.update(await account.makeConfig({ version: '2', refuse: 'too few labels.' }));

    expect(await account.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'image-classifier-shipped',
      FailureReason: 'too few labels.',
    });
    expect(await answerOf()).toMatchObject({ version: 'shipped' });
    const good = await account.makeConfig({ version: '3' });
    await account.update(good);
    expect((await account.settled()).FailureReason).toBeUndefined();
    expect(await answerOf()).toMatchObject({ version: '3' });
  });

  it('serves after a restart what was deployed, from what was unpacked before', async () => {
    await follow();
    await account.update(await account.makeConfig({ version: '2' }, { MODEL_VERSION: '2.0.0' }));
    await account.settled();
    const { packageDir } = endpoint?.local.describe().model ?? {};
    await restart();

    expect(await answerOf()).toMatchObject({ version: '2', modelVersion: '2.0.0' });
    expect(endpoint?.local.describe().model.packageDir).toBe(packageDir);
    expect(await account.state.list('unpacked')).toHaveLength(1);
  });

  it('begins with the package folder where that is preferred, and takes the next deployment over', async () => {
    await account.update(await account.makeConfig({ version: '2' }));
    await account.settled();
    await follow({ packageDir: packageFolder({ version: 'mine' }), startsWithPackage: true });
    await account.update(await account.makeConfig({ version: '3', refuse: 'no.' }));
    await account.settled();

    expect(await answerOf()).toMatchObject({ version: 'mine' });
    await account.update(await account.makeConfig({ version: '4' }));
    await account.settled();
    expect(await answerOf()).toMatchObject({ version: '4' });
  });

  it('goes back to what was in service before when that does not come up any more, and says so', async () => {
    const [first, second] = [await account.makeConfig({ version: '2' }), await account.makeConfig({ version: '3' })];
    for (const config of [first, second]) {
      await account.update(config);
      await account.settled();
    }
    rmSync(account.s3.pathOf(`s3://local/test`), { recursive: true });
    await follow();

    expect(await answerOf()).toMatchObject({ version: 'shipped' });
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'image-classifier-shipped',
      FailureReason: expect.stringContaining('Could not find model data at s3://local/test/'),
    });
  });

  it('is not believed to be there when only its announcement is', async () => {
    await account.state.write(
      { pid: process.pid, url: account.server.url },
      'endpoints',
      ENDPOINT,
      'processes',
      '1.json',
    );
    await account.state.write(
      { pid: 2 ** 22 + 1, url: account.server.url },
      'endpoints',
      ENDPOINT,
      'processes',
      '2.json',
    );

    expect(await account.server.runningEndpoint(ENDPOINT)).toBeUndefined();
    expect(await account.state.list('endpoints', ENDPOINT, 'processes')).toEqual(['1.json']);
  });

  it('refuses a state folder that is a file, and names it', async () => {
    const file = account.state.path('file');
    await account.state.write({}, 'file');

    await expect(follow({ state: new StateFolder(file) })).rejects.toMatchObject({
      name: 'StateFolderError',
      message: expect.stringContaining(`The state folder ${file} cannot be used: `),
    });
  });
});

describe('an endpoint process that is killed', () => {
  it('in the middle of a deployment serves the new model when it is started again', async () => {
    const first = await followInProcess();
    const config = await account.makeConfig({ version: '2', startMs: 500 });
    await account.update(config);
    await sleep(200);
    first.process.kill();
    await first.process.exited;
    await follow();

    expect(await answerOf()).toMatchObject({ version: '2' });
    expect(await account.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: config });
  });

  it('in the middle of a deployment that fails serves the old model again, with the reason', async () => {
    const first = await followInProcess();
    const good = await account.makeConfig({ version: '2' });
    await account.update(good);
    await account.settled();
    const deployment = { endpointConfigName: await account.makeConfig({ version: '3', refuse: 'no.' }), members: {} };
    first.process.kill();
    await first.process.exited;
    // As if it had been asked for a moment before: nobody has tried it yet.
    await account.state.create({ ...deployment, requested: 1 }, 'endpoints', ENDPOINT, 'deployments', '3.json');
    await follow();

    expect(await answerOf()).toMatchObject({ version: '2' });
    expect(await account.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: good,
      FailureReason: 'no.',
    });
  });

  it('leaves a deployment to whoever asks for it, when nobody starts it again', async () => {
    const first = await followInProcess();
    const config = await account.makeConfig({ version: '2', startMs: 500 });
    await account.update(config);
    await sleep(200);
    first.process.kill();
    await first.process.exited;

    expect(await account.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: config });
    expect(await account.server.runningEndpoint(ENDPOINT)).toBeUndefined();
  });

  it('answers the control plane on its own port while it lives', async () => {
    const { process: following, url } = await followInProcess();
    const client = clientOf(url);
    const { EndpointStatus } = await client.send(new sdk.DescribeEndpointCommand({ EndpointName: ENDPOINT }));
    client.destroy();

    expect(EndpointStatus).toBe('InService');
    expect(await account.server.runningEndpoint(ENDPOINT)).toEqual({ pid: following.pid, url });
    expect(isAlive(following.pid ?? 0)).toBe(true);
    expect(await answerOf(url)).toMatchObject({ version: 'shipped' });
  });
});
