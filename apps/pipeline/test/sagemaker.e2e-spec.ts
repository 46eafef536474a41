// With `--on sagemaker`: what differs from this machine is where settings come from, S3, and what AWS can refuse.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Answer, photoFolder, pipeline } from './support/command-line';
import { evaluation } from './support/evaluations';
import { AwsFault, ScriptedAws } from './support/scripted-aws';
import { ScriptedProduct, STEP } from './support/scripted-product';

const ACCOUNT = {
  PIPELINE_BUCKET: 'photos',
  PIPELINE_ROLE_ARN: 'arn:aws:iam::123456789012:role/pipeline',
  PIPELINE_IMAGE: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/model:1',
};

let aws: ScriptedAws;
let product: ScriptedProduct;
const before = { ...process.env };

beforeEach(async () => {
  aws = await ScriptedAws.start();
  product = new ScriptedProduct(aws, 'photos', (name, text) => aws.objects.set(name, Buffer.from(text)));
  aws.on('DescribeLogStreams', () => ({ logStreams: [{ logStreamName: 'train-1/algo-1' }] }));
  aws.on('GetLogEvents', () => ({ events: [{ message: '[progress] epoch 3 of 30' }] }));
  // The SDK reads the environment of its process.
  Object.assign(process.env, aws.environment);
});
afterEach(async () => {
  process.env = { ...before };
  await aws.stop();
});

function there(argv: readonly string[], environment: Record<string, string> = ACCOUNT): Promise<Answer> {
  return pipeline([...argv, '--on', 'sagemaker'], { aws, environment });
}

it('uploads what is missing, under a prefix that is the same for the same photos, and follows the run', async () => {
  product.nextRun = [
    { status: 'Executing', steps: [STEP.training] },
    { status: 'Succeeded', steps: [STEP.trained, STEP.evaluated, STEP.passed, STEP.registered] },
  ];
  product.putEvaluation('evaluate-1', evaluation());
  product.addVersion(2);
  const folder = photoFolder();

  const { code, stdout } = await there(['run', '--data', folder, '--name', 'flowers']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/My Flowers: 3 of 3 files uploaded to s3:\/\/photos\/datasets\/my-flowers\/[0-9a-f]{16}\/\n/);
  expect(stdout).toContain('Train: epoch 3 of 30');
  expect(stdout).toContain('Next: npm run pipeline -- approve 2 --on sagemaker');
  expect([...aws.objects.keys()].filter((key) => key.endsWith('NOTHING.txt')).sort()).toEqual([
    'photos/deployed/image-classifier/NOTHING.txt',
    'photos/nothing/NOTHING.txt',
  ]);
  const [{ PipelineParameters: sent } = {}] = aws.inputsOf('StartPipelineExecution');
  expect(sent).toEqual(
    expect.arrayContaining([
      { Name: 'RoleArn', Value: ACCOUNT.PIPELINE_ROLE_ARN },
      { Name: 'Image', Value: ACCOUNT.PIPELINE_IMAGE },
      { Name: 'OutputUri', Value: 's3://photos/runs' },
    ]),
  );

  const again = await there(['run', '--data', folder, '--name', 'flowers', '--detach']);
  expect(again.stdout).toContain('all 3 files are at');
  expect(again.stdout).toContain('Follow it with: npm run pipeline -- watch run0new --on sagemaker');

  copyFileSync(join(folder, 'rose/1.jpg'), join(folder, 'tulip/9.jpg'));
  writeFileSync(join(folder, '.hidden'), '');
  const more = await there(['run', '--data', folder, '--name', 'flowers', '--detach']);
  expect(more.stdout).toContain('4 of 4 files uploaded');
});

it('names all settings that are missing in one message, and those alone that are needed', async () => {
  const { code, stderr } = await there(['run', '--data', photoFolder(), '--name', 'x'], { PIPELINE_IMAGE: 'i' });
  expect([code, stderr]).toEqual([
    64,
    'On SageMaker --bucket (or PIPELINE_BUCKET) and --role (or PIPELINE_ROLE_ARN) are needed.\n',
  ]);
  expect((await there(['models'], {})).code).toBe(0);
});

it('writes a report that lies in S3 into a file', async () => {
  product.addVersion(2, { evaluation: evaluation() });
  const { stdout } = await there(['report', '2']);
  expect(stdout).toMatch(/model-2-report\.html\n$/);
});

describe('what AWS refuses is one sentence', () => {
  it.each([
    ['AccessDeniedException', 'not authorized', 400, /refuses access: not authorized\. Ask for that permission/],
    ['ThrottlingException', 'Rate exceeded', 400, /too many requests from this account/],
    ['ExpiredTokenException', 'expired', 400, /have expired: sign in again/],
    ['UnrecognizedClientException', 'invalid token', 400, /does not know these AWS credentials/],
    ['ResourceLimitExceeded', 'limit of ml.m5.xlarge', 400, /at its limit: limit of ml\.m5\.xlarge\. Ask for more/],
    ['InternalFailure', 'oops', 500, /failed \(500\): oops\. Try again/],
    ['ValidationException', 'a member is wrong', 400, /refuses: a member is wrong\./],
  ])('%s', async (type, message, status, sentence) => {
    aws.on('ListModelPackages', () => {
      throw new AwsFault(type, message, status);
    });
    const { code, stderr } = await there(['models']);
    expect(stderr).toMatch(/^SageMaker in eu-west-1|^The AWS credentials|^The account/);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('when nobody answers', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    const { code, stderr } = await there(['models']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^SageMaker in eu-west-1 cannot be reached \(.*\)\. Check the network, AWS_REGION and AWS_ENDPOINT_URL\.\n$/,
      ),
    ]);
  });

  it('when there are no credentials, or no region', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/none',
      AWS_SHARED_CREDENTIALS_FILE: '/none',
    });
    expect((await there(['models'])).stderr).toMatch(/^There are no AWS credentials: run `aws configure`/);
    Reflect.deleteProperty(process.env, 'AWS_REGION');
    expect((await there(['models'])).stderr).toMatch(/^The AWS region is not known: set AWS_REGION/);
  });
});
