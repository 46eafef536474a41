// A first deployment that builds its images itself: what is shown, a build that fails, one that is left and found again, and the end.
import { DeleteObjectCommand, HeadObjectCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { readHandedOver, writeParameter } from '../../tools/aws/account/handed-over';
import { loadTemplates } from '../../tools/cloudformation/template';
import { AwsCall, AwsDouble, json, Script } from '../support/aws-double';
import { runCommand, startCommand } from '../support/command';
import { until } from '../support/conditions';
import { hasMoto } from '../support/moto';
import { FAILING_TESTS, GOOD, ScriptedCodeBuild } from '../support/scripted-codebuild';
import { ScriptedCodePipeline } from '../support/scripted-codepipeline';

const STAGE = { project: 'image-classifier', stage: 'demo' };
const DEPLOY = ['deploy', '--stage', 'demo', '--yes'];
const DESTROY = ['destroy', '--stage', 'demo', '--yes', '--delete-data'];
const IMAGES = ['web', 'was', 'monitor', 'model'];
const built = (digit: string) => (name: string) => `example.com/${name}@sha256:${digit.repeat(64)}`;

(hasMoto ? describe : describe.skip)('images of a fresh account (skipped where there is no moto_server)', () => {
  jest.setTimeout(240_000);
  let aws: AwsDouble;
  let codeBuild: ScriptedCodeBuild;
  let cloudFormation: CloudFormationClient;
  let ssm: SSMClient;
  let s3: S3Client;

  beforeAll(async () => {
    aws = await AwsDouble.start();
    codeBuild = new ScriptedCodeBuild(aws);
    cloudFormation = new CloudFormationClient(aws.clientOptions);
    ssm = new SSMClient(aws.clientOptions);
    s3 = new S3Client(aws.clientOptions);
    codeBuild.onSuccess = async () => {
      for (const name of IMAGES) await writeParameter(ssm, STAGE, `images/${name}`, built('b')(name));
    };
  });
  afterAll(async () => {
    for (const client of [cloudFormation, ssm, s3]) client.destroy();
    await aws.stop();
  });
  afterEach(() => expect(aws.faults).toEqual([]));

  const stacks = async () => {
    const { StackSummaries = [] } = await cloudFormation.send(new ListStacksCommand({}));
    return StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
      .map(({ StackName = '' }) => StackName.replace('image-classifier-demo-', ''))
      .sort();
  };
  const withScript = async <T>(script: Script, act: () => Promise<T>): Promise<T> => {
    aws.scripts.unshift(script);
    try {
      return await act();
    } finally {
      aws.scripts.splice(aws.scripts.indexOf(script), 1);
    }
  };
  const sourceVersion = async () => {
    const bucket = (await readHandedOver(ssm, STAGE)).get('storage/build-bucket');
    return s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'source/source.zip' }));
  };

  it('are said to be built in a dry run, which needs none', async () => {
    const { code, stdout, stderr } = await runCommand([...DEPLOY, '--dry-run'], aws.url);
    expect(stdout).toMatch(/web {6}will be built\n/);
    expect(stdout).toMatch(
      /One build makes all of them, about 10 minutes, of [\d,]+ files, [\d.]+ MB, commit [0-9a-f]{7}/,
    );
    expect(stdout).toMatch(/services {7}new, \d+ resources/);
    expect([code, stderr, codeBuild.builds.length]).toEqual([0, '', 0]);
  });

  it('cannot be built where no build may run, which is said with the other way before anything is made', async () => {
    const script = ({ action, input }: AwsCall) =>
      action === 'ListServiceQuotas' && input['ServiceCode'] === 'codebuild'
        ? json({ Quotas: [{ QuotaName: 'Concurrently running builds for Linux/Medium environment', Value: 0 }] })
        : undefined;
    const { code, stderr } = await withScript(script, () => runCommand(DEPLOY, aws.url));
    expect(stderr).toContain('No image can be built here. The account may have 0 Concurrently running builds');
    expect(stderr).toContain('npm run deploy -- --stage demo --only network,storage');
    expect([code, await stacks()]).toEqual([1, []]);
  });

  it('says what to do where CodeBuild refuses an account that is too new, whatever its quota says', async () => {
    const message = 'Cannot have more than 0 builds in queue for the account';
    codeBuild.refusal = { __type: 'AccountLimitExceededException', message };
    const { code, stderr } = await runCommand(DEPLOY, aws.url);
    codeBuild.refusal = undefined;
    expect(stderr).toContain(`CodeBuild refuses to build in this account: ${message}`);
    expect(stderr).toContain('by a support case, then run the same command again');
    expect([code, await stacks()]).toEqual([1, ['build', 'network', 'storage']]);
  });

  it('shows the lines of the command that failed, and makes nothing that would need the images', async () => {
    codeBuild.plan = FAILING_TESTS;
    const { code, stdout, stderr } = await runCommand(DEPLOY, aws.url);
    expect(stdout).toMatch(/ 0:\d\d {2}done {8}install \(12\.0 s\)\n/);
    expect(stdout).toMatch(/\n {9}\$ npm ci --no-audit --no-fund\n {9}added 612 packages\n/);
    expect(stdout).toContain('failed      pre build (12.0 s)');
    expect(stdout).not.toContain('[Container]');
    expect(stderr).toContain('failed in its phase "pre build".\n  Error while executing command: npm test.');
    expect(stderr).toContain('What was said last:\n    ● a rose is a rose\n  Tests: 1 failed, 2 passed, 3 total\n');
    expect(stderr).toMatch(
      /aws logs tail \/builds --log-stream-names \S+BootstrapProject:build-1 --since 1d --region us-east-1/,
    );
    expect(stderr).toContain('run the same command again');
    expect([code, await stacks()]).toEqual([1, ['build', 'network', 'storage']]);
  });

  it('come from an object with versions, as the template says, though moto makes the bucket without', async () => {
    const place = { Bucket: (await readHandedOver(ssm, STAGE)).get('storage/build-bucket'), Key: 'source/source.zip' };
    await s3.send(new DeleteObjectCommand(place));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: place.Bucket, VersioningConfiguration }));
    expect(loadTemplates().find(({ area }) => area === 'storage')?.resources['BuildBucket']?.Properties).toMatchObject({
      VersioningConfiguration,
    });
  });

  it('stop a build of an earlier source, go on without the person who watches, and are found by the same command', async () => {
    codeBuild.plan = GOOD;
    const project = codeBuild.builds[0]?.project ?? '';
    const earlier = codeBuild.add(project, 'an-earlier-version');
    codeBuild.isHeld = true;
    const first = startCommand(DEPLOY, aws.url);
    await until(() => first.said.stdout.includes('begun'));
    expect(first.said.stdout).toContain(`stopping    ${earlier.id}, which builds an earlier state of the source`);
    expect(earlier.status).toBe('STOPPED');
    const looks = () => aws.calls.filter(({ action }) => action === 'BatchGetBuilds').length;
    const before = looks();
    await until(() => looks() > before);
    first.process.kill('SIGINT');
    const { code, stderr } = await first.ended;
    const running = codeBuild.builds.at(-1);
    expect(stderr).toContain('The build goes on in AWS; the same command follows it again.');
    expect(stderr).toContain(`aws codebuild stop-build --id ${running?.id ?? ''} --region us-east-1`);
    expect([code, running?.status]).toEqual([130, 'IN_PROGRESS']);

    codeBuild.isHeld = false;
    const number = codeBuild.builds.length;
    const second = await runCommand(DEPLOY, aws.url);
    expect(second.stdout).toContain(`goes on     ${running?.id ?? ''}, which is building this source already`);
    expect(second.stdout).toContain('the images are built');
    expect(second.stdout).toContain('image-classifier-demo-delivery is created');
    expect(second.stdout).toContain('Continuous delivery is armed. Its first run has begun by itself');
    expect(second.stdout).toContain('npm run release -- --stage demo');
    expect([second.code, second.stderr, codeBuild.builds.length]).toEqual([0, '', number]);
  });

  it('come from one source object, which says of which files and of which commit it is', async () => {
    const { VersionId, Metadata } = await sourceVersion();
    const { sourceVersion: version, environment } = codeBuild.builds.at(-1) ?? {};
    expect(version).toBe(VersionId);
    expect(Metadata?.['tree']).toMatch(/^[0-9a-f]{64}$/);
    expect(Metadata?.['commit'] ?? environment?.['REVISION']).toBe(environment?.['REVISION']);
    expect((await readHandedOver(ssm, STAGE)).get('images/was')).toBe(built('b')('was'));
  });

  it('are not built again by a later deployment, and last of all stands the pipeline', async () => {
    const number = codeBuild.builds.length;
    const again = await runCommand(DEPLOY, aws.url);
    expect(again.stdout).toContain('There is nothing to do.');
    expect(again.stdout).not.toContain('Images');
    expect([again.code, again.stderr, codeBuild.builds.length]).toEqual([0, '', number]);
    const made = aws.calls.filter(({ action }) => action === 'ExecuteChangeSet').length;
    expect(made).toBe(8);
    const asked = aws.calls.filter(({ action }) => action === 'CreateChangeSet').map(({ input }) => input['StackName']);
    expect(asked.lastIndexOf('image-classifier-demo-delivery')).toBeGreaterThan(
      asked.indexOf('image-classifier-demo-observability'),
    );
  });

  it('are built by the pipeline once there is one, and --build says so', async () => {
    const { code, stderr } = await runCommand([...DEPLOY, '--build'], aws.url);
    expect(stderr).toContain('npm run release -- --stage demo');
    expect(code).toBe(1);
  });

  it('stop being built when the stage goes', async () => {
    const { project = '' } = codeBuild.builds.at(-1) ?? {};
    codeBuild.isHeld = true;
    const running = codeBuild.add(project, 'any');
    const pipeline = new ScriptedCodePipeline(aws);
    pipeline.begin();
    const { code, stdout, stderr } = await runCommand(DESTROY, aws.url);
    pipeline.stop();
    expect(stdout).toContain('Stopping the run run-1 of the delivery pipeline.');
    expect(stdout).toContain(`Stopping the build ${running.id}.`);
    expect(stdout).toMatch(/Deregistered \d+ task definitions\./);
    expect([code, stderr, running.status]).toEqual([0, '', 'STOPPED']);
    expect(await stacks()).toEqual([]);
    expect([...(await readHandedOver(ssm, STAGE)).keys()]).toEqual([]);
  });
});
