import { ScriptedSageMaker } from '../../../test/support/scripted-sagemaker';
import { contextOf, deploy, SERVERLESS, SETTINGS } from '../test/support/deployment-context';
import { checkDeployment, EndpointBusyError, startDeployment } from '.';

const DENIED = { type: 'AccessDeniedException', message: 'User: me is not authorized to perform: sagemaker:X' };

let sageMaker: ScriptedSageMaker;

beforeEach(async () => {
  sageMaker = await ScriptedSageMaker.start();
});

afterEach(async () => {
  await sageMaker.stop();
  // A failure here is a call that SageMaker would not understand.
  expect(sageMaker.shapeFaults).toEqual([]);
});

describe('the first deployment', () => {
  it('creates model, configuration and endpoint, with the version in the container’s environment', async () => {
    const arn = sageMaker.register('Approved', { modelVersion: '0.1.0' });

    const started = await startDeployment(contextOf(sageMaker, { kmsKeyId: 'alias/models' }), arn);

    expect(started).toEqual({
      number: 1,
      modelPackageArn: arn,
      result: 'started',
      servedVersion: '0.1.0',
      configName: expect.stringMatching(/^image-classifier-v1-[0-9a-f]{12}$/),
      notes: [],
    });
    expect(sageMaker.inputsOf('CreateModel')).toEqual([
      {
        ModelName: expect.stringMatching(/^image-classifier-v1-[0-9a-f]{12}$/),
        ExecutionRoleArn: SETTINGS.executionRoleArn,
        Containers: [{ ModelPackageName: arn, Environment: { MODEL_VERSION: '0.1.0' } }],
      },
    ]);
    expect(sageMaker.inputsOf('CreateEndpointConfig')).toEqual([
      {
        EndpointConfigName: started.configName,
        KmsKeyId: 'alias/models',
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: sageMaker.inputsOf('CreateModel')[0]?.['ModelName'],
            InstanceType: 'ml.m5.large',
            InitialInstanceCount: 2,
          },
        ],
      },
    ]);
    expect(sageMaker.endpoint()).toMatchObject({ status: 'Creating', configName: started.configName });
    expect(Object.fromEntries(sageMaker.endpoint().tags)).toEqual({
      'image-classifier:deployments': '',
      'image-classifier:attempted': started.configName,
    });
  });

  it('counts the served version from the number of the package when nobody named one', async () => {
    sageMaker.register();
    const started = await startDeployment(contextOf(sageMaker), sageMaker.register());
    expect(started).toMatchObject({ number: 2, servedVersion: '2.0.0' });
  });

  it('makes a serverless endpoint', async () => {
    await startDeployment(contextOf(sageMaker, { capacity: SERVERLESS }), sageMaker.register());
    expect(sageMaker.inputsOf('CreateEndpointConfig')).toMatchObject([
      { ProductionVariants: [{ ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 10 } }] },
    ]);
  });

  it('waits until SageMaker sees the configuration that it was just given', async () => {
    const unseen = { type: 'ValidationException', message: 'Could not find endpoint configuration "arn".', times: 2 };
    sageMaker.failNext('CreateEndpoint', unseen);
    await startDeployment(contextOf(sageMaker), sageMaker.register());
    expect(sageMaker.inputsOf('CreateEndpoint')).toHaveLength(3);
  });

  it('is busy when somebody else creates the endpoint at the same time', async () => {
    sageMaker.failNext('CreateEndpoint', {
      type: 'ValidationException',
      message: 'Cannot create already existing endpoint "arn".',
    });
    await expect(startDeployment(contextOf(sageMaker), sageMaker.register())).rejects.toThrow(EndpointBusyError);
  });

  it('makes names of at most 63 characters, and keeps the version in them', async () => {
    const context = contextOf(sageMaker, { modelPackageGroup: `${'g'.repeat(46)}-${'g'.repeat(16)}` });
    const { configName } = await startDeployment(context, sageMaker.register());
    expect(configName).toMatch(/^g{46}-v1-[0-9a-f]{12}$/);
  });
});

describe('a later deployment', () => {
  it('updates the endpoint, keeps what autoscaling chose, and watches alarms', async () => {
    const context = contextOf(sageMaker, { rollout: { ...SETTINGS.rollout, alarms: ['errors', 'latency'] } });
    await deploy(sageMaker, context, sageMaker.register());

    const started = await startDeployment(context, sageMaker.register());

    expect(started).toMatchObject({ result: 'started', number: 2, notes: [] });
    expect(sageMaker.inputsOf('UpdateEndpoint')).toEqual([
      {
        EndpointName: 'image-classifier',
        EndpointConfigName: started.configName,
        RetainAllVariantProperties: true,
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
            TerminationWaitInSeconds: 60,
            MaximumExecutionTimeoutInSeconds: 3600,
          },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }, { AlarmName: 'latency' }] },
        },
      },
    ]);
  });

  it('shifts traffic by as many instances as run, not as were asked for at first', async () => {
    const traffic = { shift: 'canary', percent: 10, waitSeconds: 300 } as const;
    const context = contextOf(sageMaker, { rollout: { ...SETTINGS.rollout, traffic } });
    await deploy(sageMaker, context, sageMaker.register());
    sageMaker.endpoint().instanceCount = 12;

    await startDeployment(context, sageMaker.register());

    expect(sageMaker.inputsOf('UpdateEndpoint')).toMatchObject([
      {
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'INSTANCE_COUNT', Value: 2 } },
          },
        },
      },
    ]);
  });

  it('moves all traffic at once where there is one instance, and says so', async () => {
    const traffic = { shift: 'canary', percent: 10, waitSeconds: 300 } as const;
    const context = contextOf(sageMaker, {
      capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
      rollout: { ...SETTINGS.rollout, traffic, alarms: ['errors'] },
    });
    await deploy(sageMaker, context, sageMaker.register());

    const { notes } = await startDeployment(context, sageMaker.register());

    expect(notes).toEqual([
      'The endpoint has one instance, and canary traffic needs two: all traffic moves at once, and the alarms are watched after that.',
    ]);
    expect(sageMaker.endpoint().status).toBe('Updating');
  });

  it('gives a serverless endpoint no deployment configuration, and says what is left out', async () => {
    const context = contextOf(sageMaker, {
      capacity: SERVERLESS,
      rollout: { ...SETTINGS.rollout, alarms: ['errors'] },
    });
    await deploy(sageMaker, context, sageMaker.register());

    const { notes, configName } = await startDeployment(context, sageMaker.register());

    expect(notes).toEqual(['A serverless endpoint changes all at once, and SageMaker watches no alarms meanwhile.']);
    expect(sageMaker.inputsOf('UpdateEndpoint')).toEqual([
      { EndpointName: 'image-classifier', EndpointConfigName: configName },
    ]);
  });

  it.each([
    ['serverless', SETTINGS.capacity, SERVERLESS, 'is made of instances and cannot become serverless'],
    ['made of instances', SERVERLESS, SETTINGS.capacity, 'is serverless and cannot become made of instances'],
  ])('refuses to make the endpoint %s when it is the other kind', async (_, before, after, words) => {
    await deploy(sageMaker, contextOf(sageMaker, { capacity: before }), sageMaker.register());
    const second = startDeployment(contextOf(sageMaker, { capacity: after }), sageMaker.register());
    await expect(second).rejects.toMatchObject({ code: 'endpoint-kind', message: expect.stringContaining(words) });
    expect(sageMaker.models.size).toBe(1);
  });

  it('deploys the same version again when the settings have changed', async () => {
    const arn = sageMaker.register();
    await deploy(sageMaker, contextOf(sageMaker), arn);
    const capacity = { kind: 'instances', instanceType: 'ml.m5.xlarge', instanceCount: 2 } as const;

    const again = await startDeployment(contextOf(sageMaker, { capacity }), arn);

    expect(again.result).toBe('started');
    expect(sageMaker.models.size).toBe(1);
    expect(sageMaker.configs.size).toBe(2);
  });

  it('makes other names for a package of the same number in a group that was made again', async () => {
    const arn = sageMaker.register();
    await deploy(sageMaker, contextOf(sageMaker), arn);
    sageMaker.change(arn, { CreationTime: 1_800_000_000 });
    expect(await startDeployment(contextOf(sageMaker), arn)).toMatchObject({ result: 'started' });
  });
});

describe('the same again', () => {
  it('changes nothing when the version serves', async () => {
    const context = contextOf(sageMaker);
    const arn = sageMaker.register();
    await deploy(sageMaker, context, arn);
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'already-serving' });
    expect(sageMaker.inputsOf('UpdateEndpoint')).toEqual([]);
  });

  it('changes nothing while the endpoint is scaled', async () => {
    const context = contextOf(sageMaker);
    const arn = sageMaker.register();
    await deploy(sageMaker, context, arn);
    sageMaker.endpoint().status = 'Updating';
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'already-serving' });
  });

  it.each(['Creating', 'Updating'])('changes nothing while the version is on its way (%s)', async (status) => {
    const context = contextOf(sageMaker);
    if (status === 'Updating') await deploy(sageMaker, context, sageMaker.register());
    const arn = sageMaker.register();
    await startDeployment(context, arn);
    expect(sageMaker.endpoint().status).toBe(status);
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'already-on-its-way' });
  });

  it.each(['CreateEndpointConfig', 'AddTags', 'UpdateEndpoint'])(
    'goes on where it broke off: %s',
    async (operation) => {
      const context = contextOf(sageMaker);
      await deploy(sageMaker, context, sageMaker.register());
      const second = sageMaker.register();
      sageMaker.failNext(operation, { type: 'InternalFailure', message: 'try again', status: 500 });
      await expect(startDeployment(context, second)).rejects.toThrow('try again');

      expect(await startDeployment(context, second)).toMatchObject({ result: 'started' });

      expect(sageMaker.models.size).toBe(2);
      expect(sageMaker.configs.size).toBe(2);
      expect(sageMaker.endpoint().status).toBe('Updating');
    },
  );

  it.each(['CreateEndpoint', 'UpdateEndpoint'])('has begun though the answer was lost: %s', async (operation) => {
    const context = contextOf(sageMaker);
    if (operation === 'UpdateEndpoint') await deploy(sageMaker, context, sageMaker.register());
    sageMaker.failNext(operation, {
      type: 'ValidationException',
      message: `Cannot ${operation === 'CreateEndpoint' ? 'create already existing' : 'update in-progress'} endpoint "arn".`,
      isDone: true, // the SDK sends again what got no answer, and then hears this
    });
    const arn = sageMaker.register();
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'started' });
    sageMaker.settle();
    expect(await checkDeployment(context)).toMatchObject({ state: 'serving' });
  });

  it('refuses to take over a configuration of that name that holds something else', async () => {
    const context = contextOf(sageMaker);
    const arn = sageMaker.register();
    sageMaker.failNext('CreateEndpoint', DENIED);
    await expect(startDeployment(context, arn)).rejects.toThrow('not authorized');
    const [[name, config]] = [...sageMaker.configs] as [[string, Record<string, unknown>]];
    sageMaker.configs.set(name, { ...config, ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'other' }] });

    await expect(startDeployment(context, arn)).rejects.toMatchObject({
      code: 'name-taken',
      message: expect.stringContaining(`SageMaker has a ${name} already`),
    });
  });
});

describe('an endpoint that cannot be updated', () => {
  it('is busy while it is on its way to another version', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    const second = await startDeployment(context, sageMaker.register());
    await expect(startDeployment(context, sageMaker.register())).rejects.toThrow(
      new EndpointBusyError('image-classifier', `Updating (on its way to ${second.configName})`),
    );
    expect(sageMaker.models.size).toBe(2);
  });

  it.each(['SystemUpdating', 'RollingBack', 'Deleting'] as const)('is busy while it is %s', async (status) => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    sageMaker.endpoint().status = status;
    await expect(startDeployment(context, sageMaker.register())).rejects.toMatchObject({ code: 'endpoint-busy' });
  });

  it('is busy when somebody else was faster, and is not told to have been rolled back later', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    const before = new Map(sageMaker.endpoint().tags);
    sageMaker.failNext('UpdateEndpoint', {
      type: 'ValidationException',
      message: 'Cannot update in-progress endpoint "arn".',
    });
    await expect(startDeployment(context, sageMaker.register())).rejects.toThrow(EndpointBusyError);
    expect(sageMaker.endpoint().tags).toEqual(before);
  });

  it('is not said to have been rolled back when two deployments began at the same time', async () => {
    const [one, other] = [contextOf(sageMaker), contextOf(sageMaker)];
    await deploy(sageMaker, one, sageMaker.register());
    const arns = [sageMaker.register(), sageMaker.register()] as const;
    const ends = await Promise.allSettled([startDeployment(one, arns[0]), startDeployment(other, arns[1])]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    sageMaker.settle();
    expect(await checkDeployment(one)).toMatchObject({ state: 'serving' });
  });

  it('is deleted and created again when it has failed, and keeps its history', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    sageMaker.endpoint().status = 'Failed';
    sageMaker.settlesAfterLooks = 2;

    const { configName } = await startDeployment(context, sageMaker.register());

    expect(sageMaker.endpoint()).toMatchObject({ status: 'Creating', configName });
    expect(sageMaker.endpoint().tags.get('image-classifier:deployments')).toBe('1');
  });

  it('is left to the next try when its deletion takes long', async () => {
    const context = contextOf(sageMaker);
    const arn = sageMaker.register();
    await startDeployment(context, arn);
    sageMaker.next('fails');
    sageMaker.settle();

    await expect(startDeployment(context, arn)).rejects.toMatchObject({
      code: 'endpoint-busy',
      message: expect.stringContaining('being deleted because it had failed (The primary container'),
    });
    sageMaker.settle();
    expect(await startDeployment(context, arn)).toMatchObject({ result: 'started' });
  });
});

describe('a version that cannot be deployed', () => {
  it.each(['PendingManualApproval', 'Rejected'] as const)('is refused when it is %s', async (approval) => {
    const refused = startDeployment(contextOf(sageMaker), sageMaker.register(approval));
    await expect(refused).rejects.toMatchObject({
      code: 'not-approved',
      message: `Version 1 is ${approval}, and only Approved versions are deployed: approve it first.`,
    });
  });

  it('is refused when it was deleted', async () => {
    const arn = sageMaker.register();
    sageMaker.change(arn, undefined);
    await expect(startDeployment(contextOf(sageMaker), arn)).rejects.toMatchObject({ code: 'model-package-not-found' });
  });

  it('is refused when its registration failed', async () => {
    const arn = sageMaker.register();
    sageMaker.change(arn, { ModelPackageStatus: 'Failed' });
    await expect(startDeployment(contextOf(sageMaker), arn)).rejects.toMatchObject({
      code: 'model-package-not-usable',
      message: expect.stringMatching(/it is Failed\.$/),
    });
  });
});

describe('SageMaker’s refusals', () => {
  it('come through, and leave no attempt behind', async () => {
    const context = contextOf(sageMaker);
    await deploy(sageMaker, context, sageMaker.register());
    const before = new Map(sageMaker.endpoint().tags);
    sageMaker.failNext('UpdateEndpoint', DENIED);
    await expect(startDeployment(context, sageMaker.register())).rejects.toMatchObject({ name: DENIED.type });
    expect(sageMaker.endpoint().tags).toEqual(before);
  });

  it('come through when there were too many calls', async () => {
    sageMaker.failNext('CreateModel', { type: 'ThrottlingException', message: 'Rate exceeded' });
    await expect(startDeployment(contextOf(sageMaker), sageMaker.register())).rejects.toThrow('Rate exceeded');
  });
});
