// With `--on sagemaker`: what differs from this machine is where settings come from, S3, and what AWS can refuse.
import { distFile } from '@app/sagemaker-local';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
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

describe('a stage', () => {
  const STAGE = {
    'ml/model-package-group': 'image-classifier-demo',
    'ml/endpoint-name': 'image-classifier-demo-serverless',
    'ml/job-role-arn': 'arn:aws:iam::123456789012:role/jobs',
    'ml/model-image': '123456789012.dkr.ecr.eu-west-1.amazonaws.com/model@sha256:0',
    'storage/models-bucket': 'photos',
    'storage/data-bucket': 'learn-from',
    'storage/feedback-bucket': 'said',
  };
  const onStage = (argv: readonly string[], environment = {}) => there([...argv, '--stage', 'demo'], environment);
  const definition = () => readFileSync(distFile('../apps/pipeline/pipeline-definition.json'), 'utf8');
  let values: Record<string, string>;

  beforeEach(() => {
    values = Object.fromEntries(
      Object.entries(STAGE).map(([name, value]) => [`/image-classifier/demo/${name}`, value]),
    );
    aws.on('GetParameters', ({ Names }) => ({
      Parameters: (Names as string[]).flatMap((Name) => (Name in values ? [{ Name, Value: values[Name] }] : [])),
      InvalidParameters: (Names as string[]).filter((name) => !(name in values)),
    }));
    product.pipeline = { definition: definition(), role: 'the role of the pipeline' };
  });

  it('says all that a run needs, and keeps its pipeline', async () => {
    const { code, stdout } = await onStage(['run', '--data', photoFolder(), '--name', 'flowers', '--detach'], ACCOUNT);

    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Follow it with: npm run pipeline -- watch run0new --on sagemaker --stage demo\n'),
    ]);
    expect([...aws.objects.keys()].filter((key) => key.endsWith('1.jpg'))).toEqual([
      expect.stringMatching(/^learn-from\/datasets\/my-flowers\/[0-9a-f]{16}\/rose\/1\.jpg$/),
    ]);
    const [{ PipelineName, PipelineParameters } = {}] = aws.inputsOf('StartPipelineExecution');
    expect(PipelineName).toBe('image-classifier-demo');
    expect(PipelineParameters).toEqual(
      expect.arrayContaining([
        { Name: 'RoleArn', Value: STAGE['ml/job-role-arn'] },
        { Name: 'Image', Value: STAGE['ml/model-image'] },
        { Name: 'OutputUri', Value: 's3://photos/runs' },
        { Name: 'DeployedModel', Value: 's3://photos/deployed/image-classifier-demo-serverless/' },
        { Name: 'TrainingData', Value: expect.stringMatching(/^s3:\/\/learn-from\/datasets\/my-flowers\//) },
      ]),
    );
    expect(aws.inputsOf('UpdatePipeline')).toEqual([]);
  });

  it('trains with the image that the last build has recorded', async () => {
    const built = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/model@sha256:1';
    values['/image-classifier/demo/images/model'] = built;
    await onStage(['run', '--data', photoFolder(), '--name', 'flowers', '--detach']);
    const [{ PipelineParameters } = {}] = aws.inputsOf('StartPipelineExecution');
    expect(PipelineParameters).toContainEqual({ Name: 'Image', Value: built });
  });

  it('tells when its pipeline is another one, or is missing', async () => {
    product.pipeline = { definition: '{}', role: 'x' };
    const run = ['run', '--data', photoFolder(), '--name', 'flowers', '--detach'];
    expect((await onStage(run)).stdout).toContain('The pipeline of stage demo is not the one of this checkout');
    product.pipeline = undefined;
    expect(await onStage(run)).toMatchObject({
      code: 1,
      stderr: 'There is no pipeline image-classifier-demo. npm run deploy -- --stage demo makes it.\n',
    });
  });

  it('gives way to what is typed', async () => {
    await onStage(['models', '--group', 'other']);
    expect(aws.inputsOf('ListModelPackages')).toMatchObject([{ ModelPackageGroupName: 'other' }]);
    await onStage(['feedback', '--feedback', 's3://elsewhere/f/']);
    expect((await onStage(['feedback'])).stdout).toContain('s3://said/feedback/');
  });

  it('is one that exists, whole, on AWS', async () => {
    values = { '/image-classifier/demo/ml/endpoint-name': 'x' };
    expect((await onStage(['models'])).stderr).toMatch(
      /^Stage demo of image-classifier is not whole: .*\/ml\/model-package-group, .* are missing\. npm run deploy -- --stage demo goes on with it\.\n$/,
    );
    values = {};
    expect(await onStage(['models', '--project', 'flowers'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'There is no stage demo of flowers in eu-west-1. Check --stage, --project, AWS_REGION and AWS_PROFILE; npm run deploy -- --stage demo makes it.\n',
    });
    const here = await pipeline(['models', '--stage', 'demo'], { aws });
    expect([here.code, here.stderr]).toEqual([64, 'A stage is on AWS: add --on sagemaker to --stage demo.\n']);
  });

  it('deploys what is approved by itself', async () => {
    product.addVersion(1);
    const { stdout } = await onStage(['approve', '1']);
    expect(stdout).toBe(
      'Version 1 (flowers) is approved.\nIt is deployed by itself, unless a newer one is approved.\n' +
        'Watch it with: npm run pipeline -- deploy 1 --on sagemaker --stage demo\n',
    );
    expect(await onStage(['deploy', '1', '--instances', '2'])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^Stage demo says itself on which machines.*\/stages\/demo\.yaml\.\n$/),
    });
  });
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
