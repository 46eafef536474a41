import { ScriptedSageMaker } from '../../../test/support/scripted-sagemaker';
import { contextOf, deploy } from '../test/support/deployment-context';
import { checkDeployment, deployedVersion, EndpointNotFoundError, startDeployment, waitForDeployment } from '.';

const DEPLOYMENTS = 'image-classifier:deployments';
const ATTEMPTED = 'image-classifier:attempted';

let sageMaker: ScriptedSageMaker;

beforeEach(async () => {
  sageMaker = await ScriptedSageMaker.start();
});

afterEach(async () => {
  await sageMaker.stop();
  expect(sageMaker.shapeFaults).toEqual([]);
});

describe('checkDeployment', () => {
  it('is in progress while the endpoint changes', async () => {
    const context = contextOf(sageMaker);
    await startDeployment(context, sageMaker.register());
    expect(await checkDeployment(context)).toEqual({
      state: 'in-progress',
      status: 'Creating',
      detail: 'Creating: Launching 1 instance(s).',
    });
  });

  it('copies what serves to where evaluations look for it, and remembers it, once', async () => {
    const context = contextOf(sageMaker);
    const { configName } = await startDeployment(context, sageMaker.register());
    sageMaker.settle();

    expect(await checkDeployment(context)).toEqual({ state: 'serving', number: 1, configName, isNews: true });
    expect(await checkDeployment(context)).toEqual({ state: 'serving', number: 1, configName, isNews: false });

    expect(sageMaker.copies).toEqual([
      's3://models/1/model.tar.gz -> s3://models/deployed/image-classifier/model.tar.gz',
    ]);
    expect(sageMaker.endpoint().tags.get(DEPLOYMENTS)).toBe('1');
    expect(sageMaker.endpoint().tags.get(ATTEMPTED)).toBe(`${configName} serving`);
  });

  it('copies again when it could not say so the last time', async () => {
    const context = contextOf(sageMaker);
    await startDeployment(context, sageMaker.register());
    sageMaker.settle();
    sageMaker.failNext('AddTags', { type: 'ThrottlingException', message: 'Rate exceeded' });
    await expect(checkDeployment(context)).rejects.toThrow('Rate exceeded');
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', isNews: true });
    expect(sageMaker.copies).toHaveLength(2);
  });

  it('recognises an update that SageMaker took back without a word', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    const { configName } = await startDeployment(context, sageMaker.register());
    sageMaker.next('fails');
    sageMaker.settle();
    expect(sageMaker.endpoint().status).toBe('InService');

    const rolledBack = {
      state: 'rolled-back',
      number: 1,
      attemptedNumber: 2,
      reason: expect.stringContaining('did not pass the ping health check'),
    };
    expect(await checkDeployment(context)).toEqual({ ...rolledBack, isNews: true });
    expect(await checkDeployment(context)).toEqual({ ...rolledBack, isNews: false });

    expect(sageMaker.copies).toHaveLength(1);
    expect(sageMaker.endpoint().tags.get(DEPLOYMENTS)).toBe('1');
    expect(sageMaker.endpoint().tags.get(ATTEMPTED)).toBe(`${configName} rolled-back`);
  });

  it('forgets the attempt when what serves is asked for again', async () => {
    const context = contextOf(sageMaker);
    const first = sageMaker.register();
    await deploy(sageMaker, context, first);
    sageMaker.next('fails');
    await deploy(sageMaker, context, sageMaker.register());

    expect(await startDeployment(context, first)).toMatchObject({ result: 'already-serving' });

    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', number: 1 });
  });

  it('says why an endpoint has failed', async () => {
    const context = contextOf(sageMaker);
    await startDeployment(context, sageMaker.register());
    sageMaker.next('fails');
    sageMaker.settle();
    expect(await checkDeployment(context)).toEqual({
      state: 'failed',
      reason: expect.stringContaining('did not pass the ping health check'),
    });
  });

  it('takes over an endpoint that somebody else made from the registry', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    sageMaker.endpoint().tags.clear();
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', number: 1, isNews: true });
    expect(sageMaker.endpoint().tags.get(DEPLOYMENTS)).toBe('1');
  });

  it('tells nothing of a configuration that was deleted', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    sageMaker.configs.clear();
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', number: undefined });
  });

  it('refuses when there is no endpoint', async () => {
    await expect(checkDeployment(contextOf(sageMaker))).rejects.toThrow(EndpointNotFoundError);
  });

  it('lets go of the oldest versions when the history becomes too long for a tag', async () => {
    const context = contextOf(sageMaker);
    await startDeployment(context, sageMaker.register());
    sageMaker.settle();
    const numbers = Array.from({ length: 66 }, (_, index) => 100 + index);
    sageMaker.endpoint().tags.set(DEPLOYMENTS, numbers.join(' ').slice(-256));

    await checkDeployment(context);

    const history = sageMaker.endpoint().tags.get(DEPLOYMENTS) ?? '';
    expect(history.length).toBeLessThanOrEqual(256);
    expect(history).toMatch(/^\d{3} .* 164 165 1$/);
  });
});

describe('waitForDeployment', () => {
  it('tells each change once, and how it ended', async () => {
    const context = contextOf(sageMaker);
    await startDeployment(context, sageMaker.register());
    sageMaker.settlesAfterLooks = 4;
    const told: unknown[] = [];

    const ended = await waitForDeployment(context, { onProgress: (progress) => told.push(progress) });

    expect(ended).toMatchObject({ state: 'serving', number: 1 });
    expect(told).toEqual([
      { status: 'Creating', detail: 'Creating: Launching 1 instance(s).' },
      { status: 'InService', detail: undefined },
    ]);
  });

  it('ends with the reason of its signal', async () => {
    const context = { ...contextOf(sageMaker), pollIntervalMs: 60_000 };
    await startDeployment(context, sageMaker.register());
    const controller = new AbortController();
    const waiting = waitForDeployment(context, {
      onProgress: () => setTimeout(() => controller.abort(new Error('that was long enough')), 20),
      signal: controller.signal,
    });
    await expect(waiting).rejects.toThrow('that was long enough');
  });
});

describe('deployedVersion', () => {
  it('tells what serves and what is on its way', async () => {
    const context = contextOf(sageMaker);
    expect(await deployedVersion(context)).toBeUndefined();

    const [first, second] = [sageMaker.register(), sageMaker.register()];
    await startDeployment(context, first);
    const one = { number: 1, modelPackageArn: first };
    expect(await deployedVersion(context)).toEqual({ status: 'Creating', serving: undefined, pending: one });

    sageMaker.settle();
    await startDeployment(context, second);
    const two = { number: 2, modelPackageArn: second };
    expect(await deployedVersion(context)).toEqual({ status: 'Updating', serving: one, pending: two });
  });
});
