// On a stage the function deploys and the command line watches: here both meet at a scripted SageMaker.
import { checkDeployment, DeploymentContext, S3ObjectStore, startDeployment } from '@app/model-deployment';
import { GROUP, ScriptedSageMaker } from '../../../test/support/scripted-sagemaker';
import { SageMakerRegistry } from '../src/adapters/sagemaker-registry';
import { StageDeployer } from '../src/adapters/stage-deployer';
import { ModelVersion } from '../src/models/model-version';

const SERVICE = { name: 'SageMaker', isLocal: false };

let sageMaker: ScriptedSageMaker;
let context: DeploymentContext & { pollIntervalMs: number };
let registry: SageMakerRegistry;
let deployer: StageDeployer;
let said: string[];
const say = (sentence: string) => void said.push(sentence);

beforeEach(async () => {
  sageMaker = await ScriptedSageMaker.start();
  const client = sageMaker.client();
  context = {
    sageMaker: client,
    objects: new S3ObjectStore(sageMaker.s3()),
    settings: {
      ...{ endpointName: 'image-classifier', modelPackageGroup: GROUP, bucket: 'models' },
      executionRoleArn: 'arn:aws:iam::111122223333:role/model',
      capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
      rollout: { traffic: { shift: 'all-at-once' }, terminationWaitSeconds: 0, maximumSeconds: 3600, alarms: [] },
    },
    pollIntervalMs: 5,
  };
  registry = new SageMakerRegistry(client, SERVICE, GROUP);
  deployer = new StageDeployer(context, SERVICE, registry, 'demo');
  said = [];
});

afterEach(async () => {
  await sageMaker.stop();
});

async function version(number: number): Promise<ModelVersion> {
  const found = await registry.find(number);
  if (found === undefined) throw new RangeError(`version ${number} is not registered`);
  return found;
}

/** What the function does on an approval, until it serves. */
async function serve(arn: string): Promise<void> {
  await startDeployment(context, arn);
  sageMaker.settle();
  await checkDeployment(context);
}

it('watches how an approved version comes to serve, and changes nothing itself', async () => {
  const arn = sageMaker.register();
  await startDeployment(context, arn);
  sageMaker.settlesAfterLooks = 4;
  const before = sageMaker.calls.length;

  expect(await deployer.deploy(await version(1), say)).toEqual({ version: 1, isServed: true });

  expect(said).toEqual(['Version 1 is approved: deploy-model of stage demo deploys it', 'The endpoint is creating']);
  const operations = new Set(sageMaker.calls.slice(before).map(({ operation }) => operation));
  expect([...operations].filter((operation) => !/^(Describe|List)/.test(operation))).toEqual([]);
});

it('says so when the version does not come up', async () => {
  await serve(sageMaker.register());
  sageMaker.next('fails');
  await startDeployment(context, sageMaker.register());
  sageMaker.settlesAfterLooks = 4;

  await expect(deployer.deploy(await version(2), say)).rejects.toThrow(
    'Version 2 did not come up, and version 1 goes on serving. What to do: docs/operations.md#model-deployment-rolled-back',
  );
});

it('says so when nothing begins', async () => {
  sageMaker.register();
  const impatient = new StageDeployer(context, SERVICE, registry, 'demo', 200);

  await expect(impatient.deploy(await version(1), say)).rejects.toThrow('deploy-model has not begun with version 1.');
});

it('refuses a version that the function would not deploy', async () => {
  sageMaker.register();
  sageMaker.register();
  await expect(deployer.deploy(await version(1), say)).rejects.toThrow(
    'On stage demo the newest version that is approved is deployed, and that is version 2.',
  );
});

it('rolls back by rejecting what serves', async () => {
  const first = sageMaker.register();
  await serve(first);
  await serve(sageMaker.register());
  const rollback = deployer.rollback(say);
  // The function, on the rejection.
  while (sageMaker.inputsOf('UpdateModelPackage').length === 0) await new Promise((resolve) => setImmediate(resolve));
  await startDeployment(context, first);
  sageMaker.settle();

  expect(await rollback).toEqual({ version: 1, isServed: true });
  expect((await version(2)).approval).toBe('rejected');
  expect(said[0]).toBe('Version 2 is rejected now: deploy-model goes back to version 1');
});

it('rolls back to nothing never', async () => {
  await expect(deployer.rollback(say)).rejects.toThrow('there is nothing to leave');
  await serve(sageMaker.register());
  await expect(deployer.rollback(say)).rejects.toThrow('No other version than 1 is approved.');
  await startDeployment(context, sageMaker.register());
  await expect(deployer.rollback(say)).rejects.toThrow('The endpoint is updating. Try again when that is done.');
});
