import { checkDeployment, DeploymentContext, rollback, S3ObjectStore, startDeployment } from '@app/model-deployment';
import { PRODUCT_ROOT } from '@app/platform';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GROUP, ScriptedSageMaker } from '../../../test/support/scripted-sagemaker';
import { deploymentSettings, VARIABLES } from '../src/deploy-model/deploy-model.config';
import { createHandler } from '../src/deploy-model/handler';

const ENVIRONMENT = { DEPLOY_EXECUTION_ROLE_ARN: 'arn:aws:iam::111122223333:role/model', DEPLOY_BUCKET: 'models' };
const HANDLER = join(PRODUCT_ROOT, 'dist/apps/functions/src/deploy-model/handler.js');

const approvalEvent = (modelPackageArn: string, approval = 'Approved', group = GROUP) => ({
  'detail-type': 'SageMaker Model Package State Change',
  source: 'aws.sagemaker',
  detail: { ModelPackageGroupName: group, ModelPackageArn: modelPackageArn, ModelApprovalStatus: approval },
});
const endpointEvent = (endpointName = 'Image-Classifier', status = 'IN_SERVICE') => ({
  'detail-type': 'SageMaker Endpoint State Change',
  source: 'aws.sagemaker',
  detail: { EndpointName: endpointName, EndpointStatus: status },
});
const record = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: '1', AWSTraceHeader: 'Root=1-2-3' },
});

let sageMaker: ScriptedSageMaker;
let context: DeploymentContext;
let lines: Record<string, unknown>[];
/** Sends events as one batch; answers the numbers of those that have to come again. */
let send: (...events: unknown[]) => Promise<number[]>;

beforeEach(async () => {
  sageMaker = await ScriptedSageMaker.start();
  context = {
    sageMaker: sageMaker.client(),
    autoScaling: sageMaker.autoScaling(),
    objects: new S3ObjectStore(sageMaker.s3()),
    settings: deploymentSettings(ENVIRONMENT),
    pollIntervalMs: 1,
  };
  lines = [];
  const handler = createHandler(
    () => context,
    (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  send = async (...events) => {
    const Records = events.map((event, index) => record(String(index), event));
    const answer = await handler({ Records }, { awsRequestId: 'request-1' });
    return (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => Number(itemIdentifier));
  };
});

afterEach(async () => {
  await sageMaker.stop();
  expect(sageMaker.shapeFaults).toEqual([]);
});

/** Deploys by approval and events alone. */
async function approveAndServe(arn: string): Promise<void> {
  sageMaker.change(arn, { ModelApprovalStatus: 'Approved' });
  await send(approvalEvent(arn));
  sageMaker.settle();
  await send(endpointEvent());
}

const servedNumber = async () => {
  const outcome = await checkDeployment(context);
  return outcome.state === 'serving' ? outcome.number : outcome.state;
};

describe('an approval', () => {
  it('is deployed, and kept for comparisons when it serves', async () => {
    expect(await send(approvalEvent(sageMaker.register()))).toEqual([]);
    expect(sageMaker.endpoint().status).toBe('Creating');
    sageMaker.settle();

    expect(await send(endpointEvent())).toEqual([]);

    expect(sageMaker.copies).toEqual([
      's3://models/1/model.tar.gz -> s3://models/deployed/image-classifier/model.tar.gz',
    ]);
    expect(lines).toMatchObject([
      { level: 'info', msg: 'deployment started', number: 1, servedVersion: '1.0.0', requestId: 'request-1' },
      { level: 'info', msg: 'deployment serving', number: 1, messageId: '0', traceId: 'Root=1-2-3' },
    ]);
  });

  it('does nothing more when its event comes again', async () => {
    const event = approvalEvent(sageMaker.register());
    await send(event, event);
    sageMaker.settle();
    await send(event, endpointEvent(), endpointEvent());
    expect(lines.map(({ msg }) => msg)).toEqual([
      'deployment started',
      'deployment already-on-its-way',
      'deployment already-serving',
      'deployment serving',
      'deployment serving',
    ]);
    expect(sageMaker.inputsOf('CreateEndpoint')).toHaveLength(1);
    expect(sageMaker.inputsOf('UpdateEndpoint')).toHaveLength(0);
    expect(sageMaker.copies).toHaveLength(1);
  });

  it('is passed over when a newer version is approved', async () => {
    const older = sageMaker.register();
    await approveAndServe(sageMaker.register());
    expect(await send(approvalEvent(older))).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'superseded by a newer version', number: 1, newest: 2 });
    expect(sageMaker.endpoint().status).toBe('InService');
  });

  it('is deployed though the list of approved versions does not know of it yet', async () => {
    await approveAndServe(sageMaker.register());
    const second = sageMaker.register();
    sageMaker.unlisted.add(2);
    await send(approvalEvent(second));
    expect(lines.at(-1)).toMatchObject({ msg: 'deployment started', number: 2 });
  });

  it('is passed over when it was withdrawn meanwhile', async () => {
    await send(approvalEvent(sageMaker.register('Rejected')));
    expect(lines).toMatchObject([{ level: 'info', msg: 'the version is no longer approved' }]);
    expect(sageMaker.endpoints.size).toBe(0);
  });

  it('comes again while the endpoint is on its way to another version', async () => {
    await approveAndServe(sageMaker.register());
    await send(approvalEvent(sageMaker.register()));
    const third = approvalEvent(sageMaker.register());

    expect(await send(third)).toEqual([0]);
    expect(lines.at(-1)).toMatchObject({ level: 'info', err: { code: 'endpoint-busy' } });

    sageMaker.settle();
    expect(await send(third)).toEqual([]);
    sageMaker.settle();
    expect(await servedNumber()).toBe(3);
  });

  it('comes again when there were too many calls, and when permission is missing', async () => {
    const event = approvalEvent(sageMaker.register());
    sageMaker.failNext('CreateModel', { type: 'ThrottlingException', message: 'Rate exceeded' });
    expect(await send(event)).toEqual([0]);
    sageMaker.failNext('CreateModel', {
      type: 'AccessDeniedException',
      message: 'not authorized to perform: sagemaker:CreateModel',
    });
    expect(await send(event)).toEqual([0]);
    expect(lines).toMatchObject([
      { level: 'info', err: { name: 'ThrottlingException' } },
      { level: 'error', err: { message: 'not authorized to perform: sagemaker:CreateModel' } },
    ]);
    expect(await send(event)).toEqual([]);
  });

  it('is reported and forgotten when its package was deleted', async () => {
    const arn = sageMaker.register();
    sageMaker.change(arn, undefined);
    expect(await send(approvalEvent(arn))).toEqual([]);
    expect(lines).toMatchObject([
      {
        level: 'error',
        ModelDeploymentRefused: 1,
        Endpoint: 'image-classifier',
        err: { code: 'model-package-not-found' },
      },
    ]);
  });
});

describe('a rejection', () => {
  it('of what serves goes back to the newest version that is approved', async () => {
    const [first, second] = [sageMaker.register(), sageMaker.register('PendingManualApproval')];
    await approveAndServe(first);
    await approveAndServe(second);
    sageMaker.change(second, { ModelApprovalStatus: 'Rejected' });
    await send(approvalEvent(second, 'Rejected'));
    sageMaker.settle();
    expect(await servedNumber()).toBe(1);
  });

  it('of another version does nothing', async () => {
    const [first, second] = [sageMaker.register(), sageMaker.register('Rejected')];
    await approveAndServe(first);
    await send(approvalEvent(second, 'Rejected'));
    expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'rejected, and does not serve' });
    expect(sageMaker.endpoint().status).toBe('InService');
  });

  it('of what is on its way comes again, and goes back when it has arrived', async () => {
    const [first, second] = [sageMaker.register(), sageMaker.register('PendingManualApproval')];
    await approveAndServe(first);
    sageMaker.change(second, { ModelApprovalStatus: 'Approved' });
    await startDeployment(context, second);
    sageMaker.change(second, { ModelApprovalStatus: 'Rejected' });
    const event = approvalEvent(second, 'Rejected');

    expect(await send(event)).toEqual([0]);
    sageMaker.settle();
    expect(await send(event)).toEqual([]);
    sageMaker.settle();
    expect(await servedNumber()).toBe(1);
  });

  it('by a rollback leaves the rollback alone', async () => {
    const first = sageMaker.register();
    const skipped = sageMaker.register('PendingManualApproval');
    const third = sageMaker.register('PendingManualApproval');
    await approveAndServe(first);
    await approveAndServe(third);
    sageMaker.change(skipped, { ModelApprovalStatus: 'Approved' });
    await rollback(context);

    expect(await send(approvalEvent(third, 'Rejected'))).toEqual([0]);
    sageMaker.settle();
    expect(await send(approvalEvent(third, 'Rejected'))).toEqual([]);

    expect(await servedNumber()).toBe(1);
  });

  it('of a version that was deleted after it counts as well', async () => {
    const [first, second] = [sageMaker.register(), sageMaker.register('PendingManualApproval')];
    await approveAndServe(first);
    await approveAndServe(second);
    sageMaker.change(second, undefined);
    await send(approvalEvent(second, 'Rejected'));
    expect(lines.at(-1)).toMatchObject({ msg: 'deployment started', number: 1 });
  });

  it('does nothing when the version was approved again meanwhile', async () => {
    const first = sageMaker.register();
    await approveAndServe(first);
    await send(approvalEvent(first, 'Rejected'));
    expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'the version is no longer rejected' });
  });

  it('of the only approved version is reported', async () => {
    const first = sageMaker.register();
    await approveAndServe(first);
    sageMaker.change(first, { ModelApprovalStatus: 'Rejected' });
    expect(await send(approvalEvent(first, 'Rejected'))).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ level: 'error', ModelDeploymentRefused: 1 });
    expect(await servedNumber()).toBe(1);
  });
});

describe('a deployment that fails', () => {
  it('counts in a metric when SageMaker takes it back, once', async () => {
    await approveAndServe(sageMaker.register());
    sageMaker.next('fails');
    await approveAndServe(sageMaker.register());

    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      msg: 'deployment rolled-back',
      number: 1,
      attemptedNumber: 2,
      reason: expect.stringContaining('ping health check'),
      Endpoint: 'image-classifier',
      ModelDeploymentRolledBack: 1,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'ImageClassifier',
            Dimensions: [['Endpoint']],
            Metrics: [{ Name: 'ModelDeploymentRolledBack', Unit: 'Count' }],
          },
        ],
      },
    });
    await send(endpointEvent());
    expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'deployment rolled-back' });
  });

  it('counts when the endpoint could not be created', async () => {
    sageMaker.next('fails');
    await approveAndServe(sageMaker.register());
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'deployment failed', ModelDeploymentRolledBack: 1 });
  });
});

describe('autoscaling', () => {
  const scalingOf = (count: number) => {
    const scaling = { minInstances: 2, maxInstances: count, invocationsPerInstance: 600 };
    const capacity = { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 2, scaling } as const;
    Object.assign(context, { settings: { ...context.settings, capacity } });
  };
  const VARIANT = 'endpoint/image-classifier/variant/AllTraffic';

  it('is set up when the endpoint is in service, and follows the settings', async () => {
    scalingOf(4);
    await approveAndServe(sageMaker.register());
    expect(sageMaker.scalableTargets.get(VARIANT)).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      MinCapacity: 2,
      MaxCapacity: 4,
      policy: {
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
          TargetValue: 600,
        },
      },
    });
    scalingOf(8);
    await send(endpointEvent());
    expect(sageMaker.scalableTargets.get(VARIANT)).toMatchObject({ MinCapacity: 2, MaxCapacity: 8 });
  });

  it('keeps the count that it has chosen when another version is deployed', async () => {
    scalingOf(4);
    await approveAndServe(sageMaker.register());
    sageMaker.endpoint().instanceCount = 3;
    await approveAndServe(sageMaker.register());
    expect(sageMaker.inputsOf('UpdateEndpoint')).toMatchObject([{ RetainAllVariantProperties: true }]);
    expect(await servedNumber()).toBe(2);
  });

  it('is set up when the record comes again, after it had failed', async () => {
    scalingOf(4);
    const arn = sageMaker.register();
    await send(approvalEvent(arn));
    sageMaker.settle();
    sageMaker.failNext('PutScalingPolicy', { type: 'ConcurrentUpdateException', message: 'later' });
    expect(await send(endpointEvent())).toEqual([0]);
    expect(await send(endpointEvent())).toEqual([]);
    expect(sageMaker.scalableTargets.get(VARIANT)).toHaveProperty('policy');
    expect(sageMaker.copies).toHaveLength(1);
  });

  it('ends before an endpoint that has failed is deleted', async () => {
    scalingOf(4);
    await approveAndServe(sageMaker.register());
    sageMaker.endpoint().status = 'Failed';
    sageMaker.settlesAfterLooks = 2;
    await approveAndServe(sageMaker.register());
    expect(sageMaker.inputsOf('DeregisterScalableTarget')).toHaveLength(1);
    expect(await servedNumber()).toBe(2);
    expect(sageMaker.scalableTargets.get(VARIANT)).toHaveProperty('policy');
  });

  it('is left alone where the settings do not say which', async () => {
    await approveAndServe(sageMaker.register());
    expect(sageMaker.calls.filter(({ operation }) => operation.includes('Scal'))).toEqual([]);
  });
});

describe('other events', () => {
  it.each([
    ['waits for approval', approvalEvent('arn', 'PendingManualApproval')],
    ['an event of another model package group', approvalEvent('arn', 'Approved', 'other')],
    ['an event of another endpoint', endpointEvent('other')],
    ['the endpoint was deleted', endpointEvent('image-classifier', 'DELETING')],
    ['not an event that this function knows: is the rule right?', { 'detail-type': 'Scheduled Event', detail: {} }],
    ['not an event that this function knows: is the rule right?', 'no JSON'],
  ])('change nothing: %s', async (msg, event) => {
    expect(await send(event)).toEqual([]);
    expect(lines).toMatchObject([{ msg }]);
    expect(sageMaker.calls.filter(({ operation }) => !operation.startsWith('Describe'))).toEqual([]);
  });
});

describe('the function as Lambda loads it', () => {
  const run = async (script: string, environment: NodeJS.ProcessEnv) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment },
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const invoke = (event: unknown) =>
    `require(${JSON.stringify(HANDLER)}).handler(${JSON.stringify(event)}, { awsRequestId: 'r' }).catch((e) => console.log(JSON.stringify({ thrown: e.message })))`;

  it('carries neither Nest nor a validator', async () => {
    const loaded = await run(
      `require(${JSON.stringify(HANDLER)}); console.log(JSON.stringify({ all: Object.keys(require.cache) }))`,
      {},
    );
    expect(loaded).toHaveLength(1);
    expect(JSON.stringify(loaded)).toContain('client-sagemaker');
    expect(JSON.stringify(loaded)).not.toMatch(/@nestjs|class-validator|rxjs|libs\/platform/);
  });

  it('reads its environment, and takes an event that comes without a queue', async () => {
    const arn = sageMaker.register();
    const lines = await run(invoke(approvalEvent(arn)), {
      ...ENVIRONMENT,
      AWS_ENDPOINT_URL_SAGEMAKER: sageMaker.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'very secret',
    });
    expect(lines).toMatchObject([{ msg: 'deployment started', number: 1, requestId: 'r' }]);
    expect(JSON.stringify(lines)).not.toContain('very secret');
    expect(sageMaker.endpoint().status).toBe('Creating');
  });

  it('says what is missing when it is not set up, and throws', async () => {
    const lines = await run(invoke(approvalEvent('arn')), {});
    const message = 'The function is not set up: DEPLOY_EXECUTION_ROLE_ARN is not set; DEPLOY_BUCKET is not set.';
    expect(lines).toMatchObject([{ level: 'error', err: { message } }, { thrown: message }]);
  });
});

describe('the README', () => {
  it('lists every setting with its default and meaning, and no other', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, 'apps/functions/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `(DEPLOY_[A-Z_]+)` +\| *(.*?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
    expect(rows).toEqual(
      Object.entries(VARIABLES).map(([variable, { preset, meaning }]) => [
        variable,
        preset === undefined ? 'required' : preset === '' ? '' : `\`${preset}\``,
        meaning,
      ]),
    );
  });
});
