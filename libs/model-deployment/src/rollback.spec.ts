import { ScriptedSageMaker } from '../../../test/support/scripted-sagemaker';
import { contextOf, deploy } from '../test/support/deployment-context';
import { checkDeployment, DeploymentContext, EndpointBusyError, rollback, startDeployment } from '.';

let sageMaker: ScriptedSageMaker;
let context: DeploymentContext;
let arns: [string, string, string];

beforeEach(async () => {
  sageMaker = await ScriptedSageMaker.start();
  context = contextOf(sageMaker);
  arns = [sageMaker.register(), sageMaker.register(), sageMaker.register()];
});

afterEach(async () => {
  await sageMaker.stop();
  expect(sageMaker.shapeFaults).toEqual([]);
});

describe('rollback', () => {
  it('goes back to the version before, and rejects the one that is left', async () => {
    for (const arn of arns) await deploy(sageMaker, context, arn);

    const { from, to } = await rollback(context);

    expect(from.number).toBe(3);
    expect(to).toMatchObject({ number: 2, result: 'started' });
    expect(sageMaker.packageAt(arns[2])).toMatchObject({
      ModelApprovalStatus: 'Rejected',
      ApprovalDescription: 'rolled back from the endpoint image-classifier to version 2',
    });
    sageMaker.settle();
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving', number: 2 });
    expect(sageMaker.copies.at(-1)).toContain('s3://models/2/model.tar.gz ->');
  });

  it('goes further back the second time', async () => {
    for (const arn of arns) await deploy(sageMaker, context, arn);
    await rollback(context);
    sageMaker.settle();

    expect(await rollback(context)).toMatchObject({ from: { number: 2 }, to: { number: 1 } });
  });

  it('does no harm when it is called again before it has ended', async () => {
    for (const arn of arns) await deploy(sageMaker, context, arn);
    sageMaker.failNext('UpdateModelPackage', { type: 'ThrottlingException', message: 'Rate exceeded' });
    await expect(rollback(context)).rejects.toThrow('Rate exceeded');

    expect(await rollback(context)).toMatchObject({
      from: { number: 3 },
      to: { number: 2, result: 'already-on-its-way' },
    });

    expect(sageMaker.packageAt(arns[2])).toMatchObject({ ModelApprovalStatus: 'Rejected' });
    expect(sageMaker.packageAt(arns[1])).toMatchObject({ ModelApprovalStatus: 'Approved' });
  });

  it('passes over versions that are no longer approved', async () => {
    for (const arn of arns) await deploy(sageMaker, context, arn);
    sageMaker.change(arns[1], { ModelApprovalStatus: 'Rejected' });
    expect(await rollback(context)).toMatchObject({ to: { number: 1 } });
  });

  it('knows a version that served without anyone having checked it', async () => {
    await startDeployment(context, arns[0]);
    sageMaker.settle();
    await startDeployment(context, arns[1]);
    sageMaker.settle();
    expect(await rollback(context)).toMatchObject({ from: { number: 2 }, to: { number: 1 } });
  });

  it('never goes to a version that was approved but did not serve', async () => {
    await deploy(sageMaker, context, arns[0]);
    await deploy(sageMaker, context, arns[2]);
    expect(await rollback(context)).toMatchObject({ from: { number: 3 }, to: { number: 1 } });
  });

  it('rejects nothing when the endpoint is on its way to something else', async () => {
    for (const arn of arns.slice(0, 2)) await deploy(sageMaker, context, arn);
    await startDeployment(context, arns[2]);
    await expect(rollback(context)).rejects.toThrow(EndpointBusyError);
    expect(sageMaker.inputsOf('UpdateModelPackage')).toEqual([]);
  });

  it.each([
    [1, 'version 1 is the first that it serves.'],
    [2, 'of the versions that served before (1) none is Approved. Approve one and deploy it.'],
  ])('says why when there is nothing to go back to (%i deployed)', async (count, why) => {
    for (const arn of arns.slice(0, count)) await deploy(sageMaker, context, arn);
    sageMaker.change(arns[0], { ModelApprovalStatus: 'Rejected' });
    await expect(rollback(context)).rejects.toMatchObject({
      code: 'nothing-to-roll-back-to',
      message: `The endpoint image-classifier cannot be rolled back: ${why}`,
    });
  });

  it('says so when there is no endpoint', async () => {
    await expect(rollback(context)).rejects.toMatchObject({
      message: 'There is no endpoint image-classifier: deploy a version first.',
    });
  });
});
