import * as sdk from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from 'tar';
import { ENDPOINT, GROUP, LocalAccount, openAccount } from './local-account';
import { packageFolder } from './package-folder';

const arn = (resource: string): string => `arn:aws:sagemaker:us-east-1:000000000000:${resource}`;
const variants = (ModelName: string) => [{ VariantName: 'AllTraffic', ModelName, InitialInstanceCount: 1 }];

let account: LocalAccount;

const describeEndpoint = () => account.client.send(new sdk.DescribeEndpointCommand({ EndpointName: ENDPOINT }));

beforeEach(async () => (account = await openAccount()));
afterEach(() => account.stop());

describe('models, configurations and endpoints, asked through the AWS SDK', () => {
  it('begin with the model that ships in service', async () => {
    expect(await describeEndpoint()).toMatchObject({
      EndpointArn: arn(`endpoint/${ENDPOINT}`),
      EndpointStatus: 'InService',
      EndpointConfigName: 'image-classifier-shipped',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentInstanceCount: 1 }],
      CreationTime: expect.any(Date),
    });
    const { ProductionVariants = [] } = await account.client.send(
      new sdk.DescribeEndpointConfigCommand({ EndpointConfigName: 'image-classifier-shipped' }),
    );
    const { Containers } = await account.client.send(
      new sdk.DescribeModelCommand({ ModelName: ProductionVariants[0]?.ModelName }),
    );
    expect(Containers).toEqual([
      { ModelPackageName: arn(`model-package/${GROUP}/1`), Environment: { MODEL_VERSION: '0.1.0' } },
    ]);
    expect(await account.server.runningEndpoint(ENDPOINT)).toBeUndefined();
  });

  it('are made from a model package or from image and data, and keep what was said of them', async () => {
    const name = await account.makeConfig({ version: '2' }, { MODEL_VERSION: '2.0.0' });
    const uri = 's3://local/own/model.tar.gz';
    await account.s3.upload(packageFolder({ version: 'own' }), 's3://local/own');
    await create({ file: account.s3.pathOf(uri), cwd: packageFolder({ version: 'own' }), gzip: true }, [
      'behaviour.json',
    ]);
    const PrimaryContainer = { Image: 'image', ModelDataUrl: uri, Environment: { A: 'b' } };
    await account.client.send(
      new sdk.CreateModelCommand({ ModelName: 'own', PrimaryContainer, ExecutionRoleArn: 'r' }),
    );

    expect(await account.client.send(new sdk.DescribeModelCommand({ ModelName: 'own' }))).toMatchObject({
      ModelArn: arn('model/own'),
      PrimaryContainer,
      ExecutionRoleArn: 'r',
    });
    const { EndpointConfigs = [] } = await account.client.send(new sdk.ListEndpointConfigsCommand({}));
    expect(EndpointConfigs.map(({ EndpointConfigName }) => EndpointConfigName)).toEqual([
      name,
      'image-classifier-shipped',
    ]);
    await account.client.send(
      new sdk.CreateEndpointConfigCommand({ EndpointConfigName: 'own', ProductionVariants: variants('own') }),
    );
    await account.update('own');
    expect(await account.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'own' });
  });

  it('have tags', async () => {
    const ResourceArn = arn(`endpoint/${ENDPOINT}`);
    const tag = (Tags: sdk.Tag[]) => account.client.send(new sdk.AddTagsCommand({ ResourceArn, Tags }));
    await tag([
      { Key: 'a/b', Value: '1' },
      { Key: 'c', Value: '2' },
    ]);
    await tag([{ Key: 'c', Value: '3' }]);
    await account.client.send(new sdk.DeleteTagsCommand({ ResourceArn, TagKeys: ['a/b', 'none'] }));

    expect((await account.client.send(new sdk.ListTagsCommand({ ResourceArn }))).Tags).toEqual([
      { Key: 'c', Value: '3' },
    ]);
    await expect(
      tag(Array.from({ length: 51 }, (_, index) => ({ Key: String(index), Value: '' }))),
    ).rejects.toMatchObject({ name: 'ResourceLimitExceeded' });
    await expect(
      account.client.send(new sdk.ListTagsCommand({ ResourceArn: arn('endpoint/none') })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('are refused in the words of the service', async () => {
    const name = await account.makeConfig({ version: '2' });
    const pending = await account.register({ version: '3' }, 'PendingManualApproval');
    const model = (container: sdk.ContainerDefinition, ModelName = 'new') =>
      new sdk.CreateModelCommand({ ModelName, Containers: [container] });
    const config = (ModelName: string, EndpointConfigName = 'new') =>
      new sdk.CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants: variants(ModelName) });
    const approved = { ModelPackageName: arn(`model-package/${GROUP}/1`) };

    const refusals: [() => Promise<unknown>, string | RegExp][] = [
      [
        () => account.client.send(model(approved, name)),
        `Cannot create already existing model "${arn(`model/${name}`)}".`,
      ],
      [
        () => account.client.send(model({ ModelPackageName: pending })),
        /is PendingManualApproval; only an Approved one/,
      ],
      [() => account.client.send(model({ ModelPackageName: arn(`model-package/${GROUP}/9`) })), /does not exist/],
      [
        () => account.client.send(model({ Image: 'image', ModelDataUrl: 's3://local/none/model.tar.gz' })),
        'Could not find model data at s3://local/none/model.tar.gz.',
      ],
      [
        () => account.client.send(model({ Image: 'image' })),
        /needs a ModelPackageName, or an Image and a ModelDataUrl/,
      ],
      [
        () => account.client.send(config(name, name)),
        `Cannot create already existing endpoint configuration "${arn(`endpoint-config/${name}`)}".`,
      ],
      [() => account.client.send(config('none')), `Could not find model "${arn('model/none')}".`],
      [
        () =>
          account.client.send(
            new sdk.CreateEndpointConfigCommand({
              EndpointConfigName: 'two',
              ProductionVariants: [...variants(name), ...variants(name)],
            }),
          ),
        /one variant/,
      ],
      [() => account.update('none'), `Could not find endpoint configuration "${arn('endpoint-config/none')}".`],
      [
        () => account.client.send(new sdk.UpdateEndpointCommand({ EndpointName: 'none', EndpointConfigName: name })),
        `Could not find endpoint "${arn('endpoint/none')}".`,
      ],
      [
        () => account.client.send(new sdk.CreateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName: name })),
        `Cannot create already existing endpoint "${arn(`endpoint/${ENDPOINT}`)}".`,
      ],
    ];
    for (const [ask, message] of refusals) {
      await expect(ask()).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringMatching(message),
      });
    }
  });

  it('answer in the shapes of the service to the letter', async () => {
    const config = await account.makeConfig({ version: '2' });
    const failing = await account.makeConfig({ version: '3', refuse: 'no.' });
    const deployment = {
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 } },
    };
    const InferenceSpecification = { Containers: [{ Image: 'i', ModelDataUrl: 's3://local/a/model.tar.gz' }] };
    const ModelPackageArn = arn(`model-package/${GROUP}/2`);
    const ResourceArn = arn(`endpoint/${ENDPOINT}`);
    const Tags = [{ Key: 'a', Value: 'b' }];
    const requests: [string, object][] = [
      ['CreateModelPackageGroup', { ModelPackageGroupName: 'g', ModelPackageGroupDescription: 'd', Tags }],
      ['DescribeModelPackageGroup', { ModelPackageGroupName: 'g' }],
      ['ListModelPackageGroups', { MaxResults: 1 }],
      ['CreateModelPackage', { ModelPackageGroupName: 'g', InferenceSpecification, Tags }],
      ['UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Rejected', ApprovalDescription: 'd' }],
      ['DescribeModelPackage', { ModelPackageName: ModelPackageArn }],
      ['ListModelPackages', { ModelPackageGroupName: GROUP, MaxResults: 1 }],
      ['CreateModel', { ModelName: 'm', PrimaryContainer: { ModelPackageName: `${GROUP}/1` }, Tags }],
      ['DescribeModel', { ModelName: 'm' }],
      ['CreateEndpointConfig', { EndpointConfigName: 'c', ProductionVariants: variants('m'), Tags }],
      ['DescribeEndpointConfig', { EndpointConfigName: 'c' }],
      ['ListEndpointConfigs', { MaxResults: 1 }],
      ['CreateEndpoint', { EndpointName: 'e', EndpointConfigName: config, DeploymentConfig: deployment, Tags }],
      ['DescribeEndpoint', { EndpointName: 'e' }],
      ['UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: failing, DeploymentConfig: deployment }],
      ['DescribeEndpoint', { EndpointName: ENDPOINT }],
      ['ListEndpoints', { MaxResults: 1, StatusEquals: 'Updating' }],
      ['AddTags', { ResourceArn, Tags }],
      ['ListTags', { ResourceArn }],
      ['DeleteTags', { ResourceArn, TagKeys: ['a'] }],
    ];
    for (const [operation, input] of requests) await account.ask(operation, input);
    await account.settled();

    expect(await account.ask('DescribeEndpoint', { EndpointName: ENDPOINT })).toMatchObject({ FailureReason: 'no.' });
    const { message } = await account.ask('Nothing').catch((error: unknown) => error as Error);
    const known = /Known: (.*)\./.exec(String(message))?.[1]?.split(', ');
    expect(known).toEqual([...new Set(requests.map(([operation]) => operation))].sort());
  });
});

describe('a deployment while no endpoint process is there', () => {
  it('is tried, and is in service when its model has come up', async () => {
    const config = await account.makeConfig({ version: '2', startMs: 300 });
    const DeploymentConfig: sdk.DeploymentConfig = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } };
    await account.client.send(
      new sdk.UpdateEndpointCommand({
        EndpointName: ENDPOINT,
        EndpointConfigName: config,
        DeploymentConfig,
        RetainAllVariantProperties: true,
      }),
    );

    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'image-classifier-shipped',
      PendingDeploymentSummary: { EndpointConfigName: config, StartTime: expect.any(Date) },
    });
    await expect(account.update(config)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Cannot update in-progress endpoint "${arn(`endpoint/${ENDPOINT}`)}".`,
    });
    const settled = await account.settled();
    expect(settled).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: config,
      LastDeploymentConfig: DeploymentConfig,
    });
    expect(settled.FailureReason).toBeUndefined();
  });

  it('that does not come up leaves the old configuration in service, with the reason', async () => {
    await account.update(await account.makeConfig({ version: '2', refuse: 'model.json: labels is missing.' }));

    expect(await account.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'image-classifier-shipped',
      FailureReason: 'model.json: labels is missing.',
    });
  });

  it('that was given up half-way is tried by whoever asks next', async () => {
    const config = await account.makeConfig({ version: '2', startMs: 1000 });
    await account.update(config);
    await account.stop();
    account = await openAccount(account.state.root);

    expect(await account.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: config });
  });

  it('can be the first one of another endpoint', async () => {
    const [good, bad] = [
      await account.makeConfig({ version: '2' }),
      await account.makeConfig({ version: '3', crash: true }),
    ];
    const describe = (EndpointName: string) => account.client.send(new sdk.DescribeEndpointCommand({ EndpointName }));
    for (const [EndpointName, EndpointConfigName] of Object.entries({ good, bad })) {
      await account.client.send(new sdk.CreateEndpointCommand({ EndpointName, EndpointConfigName }));
      expect(await describe(EndpointName)).toMatchObject({ EndpointStatus: 'Creating', EndpointConfigName });
    }
    while ((await describe('good')).EndpointStatus === 'Creating') await sleep(20);
    while ((await describe('bad')).EndpointStatus === 'Creating') await sleep(20);

    expect(await describe('good')).toMatchObject({ EndpointStatus: 'InService' });
    expect(await describe('bad')).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('the fake container crashed'),
    });
    const { Endpoints = [] } = await account.client.send(new sdk.ListEndpointsCommand({ StatusEquals: 'Failed' }));
    expect(Endpoints.map(({ EndpointName }) => EndpointName)).toEqual(['bad']);
  });
});

it('runs operations in its own process as over the wire', async () => {
  await expect(account.server.call('DescribeEndpoint', { EndpointName: 'none' })).rejects.toMatchObject({
    type: 'ValidationException',
    message: `Could not find endpoint "${arn('endpoint/none')}".`,
  });
  expect(await account.server.call('ListEndpoints')).toMatchObject({ Endpoints: [{ EndpointName: ENDPOINT }] });
});
