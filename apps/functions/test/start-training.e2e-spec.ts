import { PRODUCT_ROOT } from '@app/platform';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHandler } from '../src/start-training/handler';
import { trainingSettings, VARIABLES } from '../src/start-training/start-training.config';
import { ScriptedTraining } from './support/scripted-training';

const ENVIRONMENT = {
  TRAINING_DATA_BUCKET: 'photos',
  TRAINING_MODELS_BUCKET: 'models',
  TRAINING_ROLE_ARN: 'arn:aws:iam::111122223333:role/jobs',
  TRAINING_IMAGE: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/model@sha256:${'0123456789abcdef'.repeat(4)}`,
  TRAINING_IMAGE_PARAMETER: '/image-classifier/demo/images/model',
};
const HANDLER = join(PRODUCT_ROOT, 'dist/apps/functions/src/start-training/handler.js');
const MANIFEST = { format: 1, name: 'flowers', version: 'v1', data: './', images: 3, classes: { rose: 2, tulip: 1 } };

const created = (key = 'datasets/flowers/v1/dataset.json', bucket = 'photos') => ({
  'detail-type': 'Object Created',
  source: 'aws.s3',
  detail: { bucket: { name: bucket }, object: { key, size: 4 } },
});
const alarm = (value = 'ALARM') => ({
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  detail: { alarmName: 'drift', state: { value }, previousState: { value: 'OK' } },
});

let aws: ScriptedTraining;
let lines: Record<string, unknown>[];
/** Sends events as one batch; answers the numbers of those that have to come again. */
let send: (...events: unknown[]) => Promise<number[]>;

beforeEach(async () => {
  aws = await ScriptedTraining.start();
  const context = { ...aws.connect(), settings: trainingSettings(ENVIRONMENT) };
  lines = [];
  const handler = createHandler(
    () => context,
    (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  send = async (...events) => {
    const Records = events.map((event, index) => ({
      messageId: String(index),
      body: JSON.stringify(event),
      attributes: { ApproximateReceiveCount: '1' },
    }));
    const answer = await handler({ Records }, { awsRequestId: 'request-1' });
    return (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => Number(itemIdentifier));
  };
});

afterEach(async () => {
  await aws.stop();
  expect(aws.shapeFaults).toEqual([]);
});

function put(version: string, change: object = {}, written = new Date(), name = 'flowers'): void {
  const text = JSON.stringify({ ...MANIFEST, name, version, ...change });
  aws.objects.set(`photos/datasets/${name}/${version}/rose/1.jpg`, { text: 'photo', written });
  aws.objects.set(`photos/datasets/${name}/${version}/dataset.json`, { text, written });
}

describe('a new dataset version', () => {
  it('starts the pipeline with all that it has to be given, and leaves the approval to a person', async () => {
    put('v1');
    expect(await send(created())).toEqual([]);

    expect(aws.parametersOf(aws.runs[0])).toEqual({
      TrainingData: 's3://photos/datasets/flowers/v1/',
      TestData: 's3://photos/datasets/flowers/v1/',
      TestShare: '0.15',
      OtherData: 's3://models/nothing/',
      Backbone: 's3://models/nothing/',
      EarlierModel: 's3://models/nothing/',
      DeployedModel: 's3://models/deployed/image-classifier/',
      ModelName: 'flowers',
      ModelPackageGroup: 'image-classifier',
      ApprovalStatus: 'PendingManualApproval',
      Image: ENVIRONMENT.TRAINING_IMAGE,
      RoleArn: ENVIRONMENT.TRAINING_ROLE_ARN,
      CodeVersion: '0123456789ab',
      OutputUri: 's3://models/runs',
      FeatureCacheUri: 's3://models/features',
      TrainingInstanceType: 'ml.m5.xlarge',
      EvaluationInstanceType: 'ml.m5.xlarge',
      AccuracyThreshold: '0.8',
      MaxAccuracyDrop: '0',
    });
    expect([...aws.objects.keys()].filter((key) => key.startsWith('models/'))).toEqual([
      'models/nothing/NOTHING.txt',
      'models/deployed/image-classifier/NOTHING.txt',
    ]);
    expect(lines).toMatchObject([
      {
        level: 'info',
        msg: 'training started',
        version: 'v1',
        images: 3,
        Pipeline: 'image-classifier',
        TrainingStarted: 1,
      },
    ]);
  });

  it('trains with the image that the last build has recorded, from then on', async () => {
    put('v1');
    await send(created());
    expect(aws.operations).toContain('GetParameter');
    expect(aws.parametersOf(aws.runs[0])['Image']).toBe(ENVIRONMENT.TRAINING_IMAGE);

    const built = `111122223333.dkr.ecr.eu-central-1.amazonaws.com/model@sha256:${'f'.repeat(64)}`;
    aws.values.set(ENVIRONMENT.TRAINING_IMAGE_PARAMETER, built);
    put('v2');
    await send(created('datasets/flowers/v2/dataset.json'));
    expect(aws.parametersOf(aws.runs[1])).toMatchObject({ Image: built, CodeVersion: 'f'.repeat(12) });
  });

  it('comes again when the image cannot be asked for', async () => {
    put('v1');
    aws.refused.set('GetParameter', { type: 'AccessDeniedException', message: 'not allowed' });
    expect(await send(created())).toEqual([0]);
    expect(aws.runs).toEqual([]);
  });

  it('gives every parameter of the pipeline that has no default', async () => {
    put('v1');
    await send(created());
    const definition = JSON.parse(
      readFileSync(join(PRODUCT_ROOT, 'apps/pipeline/pipeline-definition.json'), 'utf8'),
    ) as { Parameters: { Name: string; DefaultValue?: unknown }[] };
    const names = definition.Parameters.map(({ Name }) => Name);
    const needed = definition.Parameters.filter(({ DefaultValue }) => DefaultValue === undefined);
    const given = Object.keys(aws.parametersOf(aws.runs[0]));
    expect(given.filter((name) => !names.includes(name))).toEqual([]);
    expect(needed.map(({ Name }) => Name).filter((name) => !given.includes(name))).toEqual([]);
  });

  it('uses test photos and photos of other things that it names', async () => {
    put('v1', { data: 's3://photos/roses/', test: 's3://photos/test/', other: 's3://photos/other/' });
    await send(created());
    const parameters = aws.parametersOf(aws.runs[0]);
    expect(parameters).toMatchObject({
      ...{ TrainingData: 's3://photos/roses/', TestData: 's3://photos/test/', OtherData: 's3://photos/other/' },
    });
    expect(parameters).not.toHaveProperty('TestShare');
  });

  it('is learnt from once, however often its event comes', async () => {
    put('v1');
    await send(created(), created());
    await send(created());
    expect(aws.runs).toHaveLength(1);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'training started',
      'a run has this dataset version already',
      'a run has this dataset version already',
    ]);
  });

  it('is one run for SageMaker too, when two functions start it at the same time', async () => {
    put('v1');
    await send(created());
    const [{ token } = { token: '' }] = aws.runs.splice(0);
    await send(created());
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(aws.runs[0]?.token).toBe(token);
  });

  it('is left alone when somebody has run the pipeline on it already', async () => {
    put('v1');
    const parameters = [{ Name: 'TrainingData', Value: 's3://photos/datasets/flowers/v1/' }];
    aws.runs.push({ arn: 'arn:aws:x', token: '', name: 'roses', parameters, status: 'Failed' });
    await send(created());
    expect(aws.runs).toHaveLength(1);
  });

  it('is reported and forgotten when its manifest cannot be used', async () => {
    put('v1', { format: 2, images: 4 });
    expect(await send(created())).toEqual([]);
    expect(lines).toMatchObject([{ level: 'error', TrainingRefused: 1, Pipeline: 'image-classifier' }]);
    expect(lines[0]?.['msg']).toContain('dataset.json cannot be used: "format" must be 1');
  });

  it.each([
    ['not the manifest of a dataset version', created('datasets/flowers/v1/rose/1.jpg')],
    ['not the manifest of a dataset version', created('datasets/flowers/v1/rose/dataset.json')],
    ['not the manifest of a dataset version', created(undefined, 'other')],
    ['the dataset version was deleted', created()],
    ['not an event that this function knows: is the rule right?', { 'detail-type': 'Scheduled Event' }],
    ['not an event that this function knows: is the rule right?', alarm('OK')],
  ])('%s: nothing is started', async (msg, event) => {
    expect(await send(event)).toEqual([]);
    expect(lines).toMatchObject([{ msg }]);
    expect(aws.runs).toEqual([]);
  });

  it('comes again when SageMaker or a permission fails', async () => {
    put('v1');
    aws.failNext = { type: 'AccessDeniedException', message: 'not authorized' };
    expect(await send(created())).toEqual([0]);
    expect(lines).toMatchObject([{ level: 'error', err: { message: 'not authorized' }, event: { kind: 'dataset' } }]);
    expect(await send(created())).toEqual([]);
    expect(aws.runs).toHaveLength(1);
  });
});

describe('drift', () => {
  it('starts the pipeline on the version that was written last', async () => {
    put('v1', {}, new Date('2026-11-01'));
    put('v3', {}, new Date('2026-11-20'), 'trees');
    put('v2', {}, new Date('2026-11-10'));
    await send(alarm());
    expect(aws.parametersOf(aws.runs[0])).toMatchObject({
      ...{ TrainingData: 's3://photos/datasets/trees/v3/', ModelName: 'trees' },
    });
    expect(lines).toMatchObject([{ msg: 'training started', why: 'drift' }]);
  });

  it('says in log and metric that there is nothing new to learn from', async () => {
    put('v1');
    await send(created());
    await send(alarm());
    expect(aws.runs).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      msg: 'drift, and a run has had the newest dataset version: there is nothing new to learn from',
      alarm: 'drift',
      dataset: 's3://photos/datasets/flowers/v1/dataset.json',
      run: aws.runs[0]?.arn,
      NothingNewToLearn: 1,
    });
  });

  it('says so when there is no version at all, and counts no half one', async () => {
    aws.objects.set('photos/datasets/flowers/v1/rose/1.jpg', { text: 'photo', written: new Date() });
    await send(alarm());
    expect(lines).toMatchObject([{ level: 'warn', NothingNewToLearn: 1 }]);
    expect(aws.operations).not.toContain('GetObject');
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
    expect(JSON.stringify(loaded)).toContain('client-sagemaker');
    expect(JSON.stringify(loaded)).not.toMatch(/@nestjs|class-validator|rxjs|libs\/platform/);
  });

  it('says all that is wrong when it is not set up, and throws', async () => {
    const lines = await run(invoke(created()), {
      ...ENVIRONMENT,
      TRAINING_IMAGE: '',
      TRAINING_ACCURACY_THRESHOLD: '80',
    });
    const message =
      'The function is not set up: TRAINING_IMAGE is not set; TRAINING_ACCURACY_THRESHOLD should be a share from 0 to 1, such as 0.8, not "80".';
    expect(lines).toMatchObject([{ level: 'error', err: { message } }, { thrown: message }]);
  });
});

it('has a README that lists every setting with its default and meaning, and no other', () => {
  const readme = readFileSync(join(PRODUCT_ROOT, 'apps/functions/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(TRAINING_[A-Z_]+)` +\| *(.*?) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
  expect(rows.map(([variable, preset, meaning]) => [variable, preset, meaning?.trim()])).toEqual(
    Object.entries(VARIABLES).map(([variable, { preset, meaning }]) => [
      variable,
      preset === undefined ? 'required' : preset === '' ? '' : `\`${preset}\``,
      meaning,
    ]),
  );
});
