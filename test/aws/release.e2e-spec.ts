// `npm run release`: the upload, the run that it starts, stage by stage, what failed in the words of those who know, and what is never done twice.
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { S3Client, CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { writeParameter } from '../../tools/aws/account/handed-over';
import { AwsCall, AwsDouble, json } from '../support/aws-double';
import { runCommand, startCommand } from '../support/command';
import { until } from '../support/conditions';
import { hasMoto } from '../support/moto';
import { FAILING_TESTS, ScriptedCodeBuild } from '../support/scripted-codebuild';
import { ROLLED_OUT, ScriptedCodePipeline, ScriptedStep } from '../support/scripted-codepipeline';

const STAGE = { project: 'image-classifier', stage: 'demo' };
const BUCKET = 'image-classifier-demo-buildbucket';
const RELEASE = ['release', '--stage', 'demo'];

(hasMoto ? describe : describe.skip)('a release (skipped where there is no moto_server)', () => {
  jest.setTimeout(120_000);
  let aws: AwsDouble;
  let codeBuild: ScriptedCodeBuild;
  let pipeline: ScriptedCodePipeline;
  let cloudFormation: CloudFormationClient;
  let s3: S3Client;
  let ssm: SSMClient;

  beforeAll(async () => {
    aws = await AwsDouble.start();
    codeBuild = new ScriptedCodeBuild(aws);
    pipeline = new ScriptedCodePipeline(aws);
    cloudFormation = new CloudFormationClient(aws.clientOptions);
    s3 = new S3Client(aws.clientOptions);
    ssm = new SSMClient(aws.clientOptions);
  });
  afterAll(async () => {
    for (const client of [cloudFormation, s3, ssm]) client.destroy();
    pipeline.stop();
    await aws.stop();
  });
  afterEach(() => expect(aws.faults).toEqual([]));

  const uploads = () => aws.calls.filter(({ action }) => /^PUT .*source\.zip/.test(action)).length;

  it('needs a pipeline, and says what makes one', async () => {
    const { code, stderr } = await runCommand([...RELEASE, '--yes'], aws.url);
    expect(stderr).toContain('There is no pipeline of this stage. npm run deploy -- --stage demo makes everything');
    expect(code).toBe(1);
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
    await writeParameter(ssm, STAGE, 'storage/build-bucket', BUCKET);
    await writeParameter(ssm, STAGE, 'delivery/pipeline-name', 'image-classifier-demo');
    await writeParameter(ssm, STAGE, 'platform/site-address', 'http://site.example.com');
  });

  it('asks first, and shows in a dry run what would be released', async () => {
    const asked = await runCommand(RELEASE, aws.url);
    expect([asked.code, asked.stderr]).toEqual([64, expect.stringContaining('say --yes')]);
    const dry = await runCommand([...RELEASE, '--dry-run'], aws.url);
    expect(dry.stdout).toMatch(/This folder: [\d,]+ files, [\d.]+ MB/);
    expect([dry.code, dry.stderr, uploads()]).toEqual([0, '', 0]);
  });

  it('goes on without the person who watches, and is found again by the same command', async () => {
    pipeline.isHeld = true;
    const first = startCommand([...RELEASE, '--yes'], aws.url);
    await until(() => first.said.stdout.includes('run-1'));
    first.process.kill('SIGINT');
    const { code, stderr } = await first.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('The pipeline goes on in AWS')]);

    pipeline.isHeld = false;
    const second = await runCommand([...RELEASE, '--yes'], aws.url);
    expect(second.stdout).toContain('goes on     the run run-1, which releases this source already');
    expect(second.stdout).toMatch(/done {8}Source \(1 min 02 s\)/);
    expect(second.stdout).toMatch(/begun {7}Build image-classifier-demo-pipeline:1/);
    expect(second.stdout).toMatch(/left out {4}Was: it is what it was/);
    expect(second.stdout).toMatch(/done {8}Web: RollOut \(1 min 02 s\)/);
    expect(second.stdout).toContain('The site: http://site.example.com');
    expect([second.code, second.stderr, uploads(), pipeline.runs.length]).toEqual([0, '', 1, 1]);
  });

  it('of what is released already does nothing', async () => {
    const { code, stdout } = await runCommand([...RELEASE, '--yes'], aws.url);
    expect(stdout).toContain('This source has been released already');
    expect([code, pipeline.runs.length]).toEqual([0, 1]);
  });

  const upTo = (stage: string, failure: Partial<ScriptedStep>): readonly ScriptedStep[] => [
    ...ROLLED_OUT.slice(
      0,
      ROLLED_OUT.findIndex((step) => step.stage === stage),
    ),
    { stage, status: 'Failed', ...failure },
  ];
  /** As if the run of this source had failed: only then is it run again. */
  const again = async () => {
    for (const run of pipeline.runs) run.status = 'Failed';
    return runCommand([...RELEASE, '--yes'], aws.url);
  };

  it('that somebody has to approve says so while it waits', async () => {
    const approval = ['InProgress', 'Succeeded'].map((status) => ({ stage: 'Web', status, provider: 'Manual' }));
    const isRollout = (step: ScriptedStep) => step.stage === 'Web';
    pipeline.steps = ROLLED_OUT.flatMap((step) =>
      isRollout(step) ? (step.status === 'InProgress' ? approval : []) : [step],
    );
    const { code, stdout } = await again();
    expect(stdout).toMatch(/waits {7}Web: Approve: somebody has to approve it/);
    expect(stdout).toMatch(/done {8}Web: Approve \(1 min 02 s\)/);
    expect(code).toBe(0);
  });

  it('that fails in its build shows the lines of the command that failed', async () => {
    codeBuild.plan = FAILING_TESTS;
    const build = codeBuild.add('image-classifier-demo-pipeline', 'any');
    build.done = FAILING_TESTS.length;
    build.status = 'FAILED';
    pipeline.steps = upTo('Build', {
      provider: 'CodeBuild',
      externalId: build.id,
      reason: 'Build terminated with state: FAILED',
    });
    const { code, stderr } = await again();
    expect(stderr).toContain(
      'The run run-3 failed.\nIts stage Build failed:\nThe build image-classifier-demo-pipeline:',
    );
    expect(stderr).toContain('Tests: 1 failed, 2 passed, 3 total');
    expect(stderr).toContain('Mend it, then run the same command again.');
    expect([code, uploads()]).toEqual([1, 1]);
  });

  it('that CodeDeploy takes back says why in its words', async () => {
    const script = ({ action }: AwsCall) =>
      action === 'GetDeployment'
        ? json({
            deploymentInfo: { errorInformation: { code: 'HOOK', message: 'The hook says: photo not classified' } },
          })
        : undefined;
    aws.scripts.unshift(script);
    const reason = 'Deployment d-ROLLOUT failed';
    pipeline.steps = upTo('Web', { provider: 'CodeDeployToECS', externalId: 'd-ROLLOUT', reason });
    const { code, stderr } = await again();
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
    expect(stderr).toContain('Its stage Web failed:\n  d-ROLLOUT: The hook says: photo not classified');
    expect(code).toBe(1);
  });

  it('is a push where the pipeline takes its source from a repository', async () => {
    const Parameters = [{ ParameterKey: 'SourceProvider', ParameterValue: 'CodeConnections' }];
    const TemplateBody = JSON.stringify({
      Parameters: { SourceProvider: { Type: 'String' } },
      Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    });
    await cloudFormation.send(
      new CreateStackCommand({ StackName: 'image-classifier-demo-delivery', TemplateBody, Parameters }),
    );
    const refused = await runCommand([...RELEASE, '--yes'], aws.url);
    expect(refused.stderr).toContain('takes its source from CodeConnections: push there');
    expect([refused.code, uploads()]).toEqual([1, 1]);
    pipeline.steps = ROLLED_OUT;
    pipeline.begin();
    const followed = await runCommand([...RELEASE, '--yes'], aws.url);
    expect(followed.stdout).toContain('nothing is uploaded from here');
    expect([followed.code, uploads()]).toEqual([0, 1]);
  });
});
