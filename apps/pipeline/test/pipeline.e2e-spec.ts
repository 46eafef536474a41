import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FakeModelDeployer } from '../src/deployment/fake-model-deployer';
import {
  Answer,
  CommandLineOptions,
  localObject,
  photoFolder,
  pipeline,
  temporaryFolder,
  writeFiles,
} from './support/command-line';
import { evaluation, predictions } from './support/evaluations';
import { AwsFault, ScriptedAws } from './support/scripted-aws';
import { ScriptedProduct, STEP } from './support/scripted-product';

let aws: ScriptedAws;
let product: ScriptedProduct;
let state: string;

beforeEach(async () => {
  aws = await ScriptedAws.start();
  state = temporaryFolder();
  product = new ScriptedProduct(aws, 'local', (name, text) => {
    const file = localObject(state, `s3://${name}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
});
afterEach(() => aws.stop());

/** On this machine. */
function here(argv: readonly string[], options: Partial<CommandLineOptions> = {}): Promise<Answer> {
  return pipeline([...argv, '--state', state], { aws, ...options });
}

function runOf(data: string, ...more: readonly string[]): Promise<Answer> {
  return here(['run', '--data', data, '--name', 'flowers', ...more]);
}

describe('run', () => {
  it('makes a version, shows what it does, and tells what to do next', async () => {
    product.nextRun = [
      { status: 'Executing', steps: [STEP.training] },
      { status: 'Succeeded', steps: [STEP.trained, STEP.evaluated, STEP.passed, STEP.registered] },
    ];
    product.putEvaluation('evaluate-1', evaluation());
    product.addVersion(2);
    writeFiles(state, 'logs/train-1.txt');
    writeFileSync(join(state, 'logs/train-1.txt'), '[progress] features of 800 of 1,548 images\n[metric] x=1\n');

    const { code, stdout, stderr } = await runOf(photoFolder());

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The pipeline was created\.\nRun run0new started\.\nTrain: running\nTrain: features of 800 of 1,548 images\nTrain: done in 31\.0 s\n/,
    );
    expect(stdout).toContain('Run run0new registered flowers as version 2.');
    expect(stdout).toMatch(/accuracy +96\.7 % of 396 test images; 95 % interval 94\.7 to 98\.2 %/);
    expect(stdout).toMatch(
      /not of it \(other\) +80\.0 % unknown, 10\.0 % uncertain, 10\.0 % given a label, of 120 images/,
    );
    expect(stdout).toContain('everyday-objects is right for 96.0 % of them.');
    expect(stdout).toContain(`Report: ${localObject(state, 's3://local/evaluation/evaluate-1/report.html')}`);
    expect(stdout).toContain(`Next: npm run pipeline -- approve 2 --state ${state}\n`);
  });

  it('hands over what was asked for, with folders as prefixes and nothing for what is not wanted', async () => {
    product.nextRun = [{ status: 'Succeeded', steps: [STEP.registered] }];
    product.addVersion(1).addVersion(2);
    const backbone = join(temporaryFolder(), 'net.onnx');
    writeFileSync(backbone, 'onnx');

    await runOf(
      photoFolder(),
      ...['--l2-strength', '0.5', '--method', 'fit', '--from', '1', '--accuracy-threshold', '0.9', '--approve'],
      ...['--backbone', backbone, '--backbone-input', '{"size": 224}', '--max-runtime', '3600'],
    );

    const [{ PipelineParameters: sent } = {}] = aws.inputsOf('StartPipelineExecution');
    const parameters = Object.fromEntries(
      (sent as { Name: string; Value: string }[]).map(({ Name, Value }) => [Name, Value]),
    );
    expect(parameters).toEqual({
      ...{ ModelName: 'flowers', L2Strength: '0.5', Method: 'fit', TestShare: '0.15' },
      ...{ AccuracyThreshold: '0.9', ApprovalStatus: 'Approved', ModelPackageGroup: 'image-classifier' },
      ...{ MaxRuntimeInSeconds: '3600', MaxWaitTimeInSeconds: '86400' },
      TrainingData: expect.stringMatching(/^s3:\/\/local\/datasets\/my-flowers-[0-9a-f]{8}\/$/),
      TestData: parameters['TrainingData'],
      OtherData: 's3://local/nothing/',
      Backbone: expect.stringMatching(/^s3:\/\/local\/backbones\/[0-9a-f]{16}\/$/),
      EarlierModel: 's3://local/models/1/model.tar.gz',
      DeployedModel: 's3://local/deployed/image-classifier/',
      OutputUri: 's3://local/runs',
      FeatureCacheUri: 's3://local/features',
      Image: expect.any(String),
      RoleArn: expect.stringMatching(/^arn:aws:iam::/),
      CodeVersion: expect.stringMatching(/^[0-9a-f]{12}(-changed)?$|^\d+\.\d+\.\d+/),
    });
    expect(readdirSync(localObject(state, parameters['TrainingData'] ?? ''))).toEqual(['rose', 'tulip']);
    expect(readdirSync(localObject(state, 's3://local/nothing'))).toEqual(['NOTHING.txt']);
    expect(readdirSync(localObject(state, 's3://local/deployed/image-classifier'))).toEqual(['NOTHING.txt']);
    const description = readFileSync(localObject(state, `${parameters['Backbone'] ?? ''}backbone.json`), 'utf8');
    expect(JSON.parse(description)).toEqual({ input: { size: 224 } });
  });

  it('updates the pipeline only when it says something else', async () => {
    product.nextRun = [{ status: 'Succeeded', steps: [STEP.registered] }];
    product.addVersion(2);
    await runOf(photoFolder());
    await runOf(photoFolder());
    expect(aws.inputsOf('UpdatePipeline')).toEqual([]);

    if (product.pipeline !== undefined) product.pipeline.definition = '{}';
    expect((await runOf(photoFolder())).stdout).toContain('The pipeline was updated.');
    expect(aws.inputsOf('UpdatePipeline')).toHaveLength(1);
  });

  it('ends with 2 and says which condition was not met when the gate refuses', async () => {
    product.nextRun = [{ status: 'Failed', steps: [STEP.trainedBefore, STEP.evaluated, STEP.notPassed, STEP.refused] }];
    product.putEvaluation('evaluate-1', evaluation({ accuracy: 0.621, accuracyDrop: 0.339 }));

    const { code, stdout } = await runOf(photoFolder());

    expect(code).toBe(2);
    expect(stdout).toContain('Train: taken from an earlier run with the same inputs');
    expect(stdout).toContain('Run run0new was refused by the gate.');
    expect(stdout).toContain('Its accuracy is 62.1 %, under the 80.0 % that are asked for (--accuracy-threshold).');
    expect(stdout).toContain('33.9 % of the test images less than the deployed model (everyday-objects: 96.0 %)');
    expect(stdout).not.toContain('Served through HTTP');
  });

  it('ends with 1, the reason and the end of the log when a step fails', async () => {
    product.nextRun = [{ status: 'Failed', steps: [STEP.notTrained] }];
    writeFiles(state, 'logs/train-1.txt');
    writeFileSync(join(state, 'logs/train-1.txt'), 'reading\nonly 3 images of tulip\n');

    const { code, stdout } = await runOf(photoFolder());

    expect(code).toBe(1);
    expect(stdout).toContain('Train: AlgorithmError: The class "tulip" has 3 images; at least 10 are needed.');
    expect(stdout).toContain('  only 3 images of tulip');
    expect(stdout).toContain('run --resume run0new');
  });

  it('stops the run in order on Ctrl-C, ends with 130, and says how to go on', async () => {
    product.nextRun = [{ status: 'Executing', steps: [STEP.training] }];

    const { code, stdout } = await here(['run', '--data', photoFolder(), '--name', 'flowers'], {
      onOutput: (text, interrupts) => {
        if (text.includes('Train: running')) interrupts.interrupt();
      },
    });

    expect(code).toBe(130);
    expect(aws.inputsOf('StopPipelineExecution')).toHaveLength(1);
    expect(stdout).toContain('Run run0new is stopped. To go on with it: npm run pipeline -- run --resume run0new');
  });

  it('goes on with the newest run', async () => {
    product.pipeline = { definition: '{}', role: 'r' };
    product.runs.set('run0old', { looks: [{ status: 'Failed', steps: [STEP.notTrained] }] });
    await here(['run', '--resume']);
    expect(aws.inputsOf('RetryPipelineExecution')).toMatchObject([
      { PipelineExecutionArn: expect.stringMatching(/\/run0old$/) },
    ]);
  });

  it('gives one JSON document on stdout and the rest on stderr', async () => {
    product.nextRun = [{ status: 'Succeeded', steps: [STEP.evaluated, STEP.passed, STEP.registered] }];
    product.putEvaluation('evaluate-1', evaluation());
    product.addVersion(2);
    const { stdout, stderr } = await runOf(photoFolder(), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'registered',
      version: 2,
      run: { id: 'run0new' },
      evaluation: { schemaVersion: 1 },
    });
    expect(stderr).toContain('Run run0new started.');
  });

  it.each([
    ['a folder that is not there', () => '/nowhere/flowers', /--data \/nowhere\/flowers does not exist/],
    ['a file', () => join(photoFolder(), 'rose/1.jpg'), /is a file, not a folder/],
    ['photos without class folders', () => join(photoFolder(), 'rose'), /holds 2 photos, but no class folders/],
    ['one class', () => writeFiles(temporaryFolder(), 'rose/1.jpg', 'x/notes.txt'), /one class only \("rose"\)/],
    ['no photos', () => writeFiles(temporaryFolder(), 'a/1.txt'), /none of them holds a JPEG, PNG or WebP file/],
    ['an empty folder', () => temporaryFolder(), /holds no photos/],
    [
      'the folder above training and test data',
      () => writeFiles(temporaryFolder(), 'train/rose/1.jpg', 'test/rose/1.jpg'),
      /try --data \S+\/train --test \S+\/test\./,
    ],
    ['a prefix that holds nothing', () => 's3://local/none/', /s3:\/\/local\/none\/ holds nothing/],
  ])('refuses %s before anything starts', async (_, data, message) => {
    const { code, stderr } = await runOf(data());
    expect(stderr).toMatch(message);
    expect(code).toBe(64);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    [['run'], /--data DIR and --name NAME are needed/],
    [['run', '--data', 'x', '--name', 'My Flowers'], /lower-case words with dashes/],
    [
      ['run', '--epochs', '0'],
      /'--epochs <integer>' argument '0' is invalid\. It must be a whole number from 1 to 10000/,
    ],
    [['run', '--l2-strength', 'much'], /a number from 0 to 1000000000, or auto/],
    [['run', '--method', 'magic'], /one of fit, epochs/],
    [['run', '--accuracy-threshold', '90'], /a share from 0 to 1/],
    [['run', '--data', 'x', '--name', 'x', '--test', 'y', '--test-share', '0.2'], /exclude each other/],
    [['run', '--data', 'x', '--name', 'x', '--test-share', '0'], /must be more than 0/],
    [['run', '--data', 'x', '--name', 'x', '--backbone-input', '{}'], /belong together/],
    [['run', '--data', 'x', '--name', 'x', '--backbone', 'n.onnx'], /belong together/],
    [['run', '--data', 'x', '--resume'], /leave out --data/],
    [['run', '--acuracy-threshold', '1'], /Did you mean --accuracy-threshold/],
    [['aprove'], /Did you mean approve/],
    [['show', 'two'], /Versions are numbers/],
    [[], /Usage: npm run pipeline --/],
  ])('refuses %j with 64', async (argv, message) => {
    const { code, stderr } = await pipeline(argv, { aws });
    expect(stderr).toMatch(message);
    expect(code).toBe(64);
    expect(aws.calls).toEqual([]);
  });
});

describe('runs and watch', () => {
  it('lists runs, and shows one by the beginning of its id', async () => {
    expect((await here(['runs'])).stdout).toContain('There are no runs yet.');

    product.pipeline = { definition: '{}', role: 'r' };
    product.runs.set('aaa111', { name: 'flowers', looks: [{ status: 'Failed', steps: [STEP.notTrained] }] });
    product.runs.set('aab222', { name: 'flowers', looks: [{ status: 'Executing', steps: [STEP.training] }] });
    expect((await here(['runs'])).stdout).toMatch(/aab222 +flowers .* running\naaa111 +flowers .* failed\n/);
    expect((await here(['runs', 'aaa'])).stdout).toMatch(
      /Run aaa111 failed\.[^]*Train: AlgorithmError: The class[^]*Train +2\.0 s +failed/,
    );
    expect(await here(['runs', 'aa'])).toMatchObject({ code: 64, stderr: expect.stringContaining('Several runs') });
    expect(await here(['runs', 'x'])).toMatchObject({ code: 1, stderr: 'There is no run "x". `runs` lists them.\n' });
  });

  it('follows the newest run to its end and gives its exit code, and stops nothing on Ctrl-C', async () => {
    product.pipeline = { definition: '{}', role: 'r' };
    product.runs.set('aaa111', {
      looks: [
        { status: 'Executing', steps: [STEP.training] },
        { status: 'Failed', steps: [STEP.trained, STEP.evaluated, STEP.notPassed, STEP.refused] },
      ],
    });
    expect(await here(['watch'])).toMatchObject({ code: 2 });

    product.runs.set('bbb222', { looks: [{ status: 'Executing', steps: [STEP.training] }] });
    const onOutput: CommandLineOptions['onOutput'] = (text, interrupts) => {
      if (text.includes('Train: running')) interrupts.interrupt();
    };
    expect(await here(['watch'], { onOutput })).toMatchObject({ code: 130 });
    expect(aws.inputsOf('StopPipelineExecution')).toEqual([]);
  });
});

describe('versions', () => {
  it('are listed with what is known of them and which one is deployed', async () => {
    expect((await here(['models'])).stdout).toContain('There are no versions yet.');
    product
      .addVersion(1, { approval: 'Approved', metadata: { modelName: 'everyday-objects' } })
      .addVersion(2, { evaluation: evaluation() });
    const { stdout } = await here(['models'], { deployer: new FakeModelDeployer(1) });
    expect(stdout).toMatch(
      / +2 +flowers +waits for approval +96\.7 %[^\n]*\n +1 +everyday-objects +approved .* deployed\n$/,
    );
  });

  it('are shown with figures, data, settings and who approved them', async () => {
    product.addVersion(2, {
      evaluation: evaluation(),
      metadata: { codeVersion: 'c0de', trainingData: 's3://other/x/' },
    });
    await here(['approve', '2', '--note', 'better on tulips']);
    const { stdout } = await here(['show']);
    expect(stdout).toMatch(/^Version 2: flowers\n/);
    expect(stdout).toMatch(/status +approved by ann, .*: "better on tulips"/);
    expect(stdout).toMatch(/code +c0de/);
    expect(stdout).toMatch(/hash of the data +d1d1/);
    expect(JSON.parse((await here(['show', '2', '--json'])).stdout)).toMatchObject({ version: { number: 2 } });
  });

  it('are named when they are not there', async () => {
    product.addVersion(1).addVersion(2).addVersion(4);
    const { code, stderr } = await here(['show', '9']);
    expect([code, stderr]).toEqual([1, 'There is no version 9 of image-classifier; there are 1 to 2 and 4.\n']);
  });

  it('have a report, whose file is told or copied', async () => {
    product.addVersion(1).addVersion(2, { evaluation: evaluation() });
    const { stdout, stderr } = await here(['report']);
    expect(stdout).toBe(`${localObject(state, 's3://local/evaluation/version-2/report.html')}\n`);
    expect(stderr).toContain('Of version 2 (flowers), the newest');
    const copy = join(state, 'copies', 'r.html');
    expect((await here(['report', '2', '--output', copy])).stdout).toBe(`${copy}\n`);
    expect(readFileSync(copy, 'utf8')).toContain('report');
    expect(await here(['report', '1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Version 1 (flowers) has no report: it was not made by a run'),
    });
  });

  it('are compared image by image', async () => {
    const worse = predictions(100, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    product
      .addVersion(1, { evaluation: evaluation({ accuracy: 0.9 }), predictions: worse })
      .addVersion(2, { evaluation: evaluation({ accuracy: 0.98 }), predictions: predictions(100, [11, 12]) })
      .addVersion(3, { evaluation: evaluation({ accuracy: 0.9 }), predictions: predictions(90, [], 'bbbb') })
      .addVersion(4);
    expect((await here(['compare', '1', '2'])).stdout).toMatch(
      /Version 2 is better: of 100 images, only version 1 is right for 2, only version 2 for 10\..*\(p = 0\.039\)/,
    );
    expect((await here(['compare', '1', '1'])).stdout).toContain(
      'No difference: both give the same answers to all 100 images.',
    );
    expect((await here(['compare', '1', '3'])).stdout).toContain('these figures cannot be compared directly');
    expect(await here(['compare', '1', '4'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Version 4 (flowers) has no predictions to compare: it was not made by a run'),
    });
  });
});

describe('approve and reject', () => {
  it('take the newest that waits, and say so', async () => {
    product.addVersion(1).addVersion(2).addVersion(3, { approval: 'Rejected' });
    const { code, stdout } = await here(['approve', '--note', 'good']);
    expect([code, stdout]).toEqual([
      0,
      `Version 2 (flowers), the newest that waited, is approved.\nNext: npm run pipeline -- deploy 2 --state ${state}\n`,
    ]);
    expect(product.versions.get(2)).toMatchObject({
      approval: 'Approved',
      note: 'good',
      metadata: { reviewedBy: 'ann', reviewedAt: expect.any(String) },
    });
    await here(['reject', '1']);
    expect(await here(['approve'])).toMatchObject({ code: 1, stderr: expect.stringContaining('waits for approval') });
  });

  it('leave alone what was said before', async () => {
    product.addVersion(2, { approval: 'Approved', metadata: { reviewedBy: 'bob' } });
    const { code, stdout } = await here(['approve', '2']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Version 2 (flowers) is approved already (approved by bob'),
    ]);
    expect(aws.inputsOf('UpdateModelPackage')).toEqual([]);
  });

  it('do not reject what is deployed', async () => {
    product.addVersion(2, { approval: 'Approved' });
    const { code, stderr } = await here(['reject', '2'], { deployer: new FakeModelDeployer(2) });
    expect([code, stderr]).toEqual([1, expect.stringContaining('is deployed and cannot be rejected')]);
  });
});

describe('deploy, rollback and status', () => {
  it('deploys the newest that is approved, after asking', async () => {
    product.addVersion(1, { approval: 'Approved' }).addVersion(2, { approval: 'Approved' }).addVersion(3);
    const deployer = new FakeModelDeployer(1);
    const { code, stdout, stderr } = await here(['deploy'], { deployer });
    expect([code, stdout]).toEqual([0, 'Version 2 is deployed and serves.\n']);
    expect(stderr).toContain('The endpoint is updating');
    expect((await here(['deploy', '2'], { deployer })).stdout).toContain('is deployed already');
    expect((await here(['status'], { deployer })).stdout).toMatch(/serves +version 2 \(flowers\)/);
    expect((await here(['rollback'], { deployer })).stdout).toBe('Version 1 is deployed and serves.\n');
  });

  it('says when nothing runs here', async () => {
    product.addVersion(2, { approval: 'Approved' });
    const deployer = new FakeModelDeployer();
    deployer.isServing = false;
    expect((await here(['deploy'], { deployer })).stdout).toContain('the next npm start serves it');
    expect((await here(['rollback'], { deployer })).code).toBe(1);
  });

  it.each([
    ['1', /not approved yet; `approve 1`/],
    ['2', /was rejected \("bad"\)/],
    ['3', /no version 3/],
  ])('refuses to deploy %s', async (version, message) => {
    product.addVersion(1).addVersion(2, { approval: 'Rejected', note: 'bad' });
    const { code, stderr } = await here(['deploy', version]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

describe('what goes wrong', () => {
  it('is told when the state folder cannot be written', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { code, stderr } = await pipeline(['models', '--state', file], { aws });
    expect(stderr).toMatch(/^The state folder .* cannot be written \(.*\)\. Name another one with --state DIR\.\n$/);
    expect(code).toBe(1);
  });

  it('shows where an error comes from with --debug only', async () => {
    aws.on('ListModelPackages', () => {
      throw new AwsFault(
        'AccessDeniedException',
        'User bob is not authorized to perform: sagemaker:ListModelPackages',
        400,
      );
    });
    const { stderr } = await here(['models']);
    expect(stderr).toBe(
      'The SageMaker of this machine refuses access: User bob is not authorized to perform: sagemaker:ListModelPackages. Ask for that permission, or use another AWS_PROFILE.\n',
    );
    expect((await here(['models', '--debug'])).stderr).toMatch(/caused by AccessDeniedException:[^]*at /);
  });
});
