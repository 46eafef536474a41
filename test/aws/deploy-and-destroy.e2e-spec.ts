// `npm run deploy` and `npm run destroy` as processes against moto: all stacks, interrupted, taken up again, failed, refused, taken away.
// moto makes most of the resources and none of the waits; what it does not know is named in template-for-moto.ts.
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { ECSClient, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHandedOver } from '../../tools/aws/account/handed-over';
import { loadTemplates } from '../../tools/cloudformation/template';
import { readStageFile } from '../../tools/aws/stage/stage-file';
import { resolveGiven } from '../../tools/aws/stage/stack-parameters';
import { AwsCall, AwsDouble, json, xml } from '../support/aws-double';
import { CommandResult, runCommand, startCommand } from '../support/command';
import { hasMoto } from '../support/moto';
import { changeOf, failingCreation } from '../support/scripted-stacks';
import { NOT_IN_MOTO } from '../support/template-for-moto';

const STAGE = { project: 'image-classifier', stage: 'demo' };
const STACKS = 'image-classifier-demo';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGES = ['web', 'was', 'monitor', 'model'].flatMap((name) => [
  '--image',
  `${name}=example.com/${name}@${DIGEST}`,
]);
const DEPLOY = ['deploy', '--stage', 'demo', '--yes'];
const DESTROY = ['destroy', '--stage', 'demo', '--yes'];

const isOn = (action: string, area: string) => (call: AwsCall) =>
  call.action === action && JSON.stringify(call.input).includes(`${STACKS}-${area}`);

(hasMoto ? describe : describe.skip)('deploy and destroy (skipped where there is no moto_server)', () => {
  jest.setTimeout(180_000);
  let aws: AwsDouble;
  let cloudFormation: CloudFormationClient;
  let ssm: SSMClient;
  let s3: S3Client;

  beforeAll(async () => {
    aws = await AwsDouble.start();
    cloudFormation = new CloudFormationClient(aws.clientOptions);
    ssm = new SSMClient(aws.clientOptions);
    s3 = new S3Client(aws.clientOptions);
  });
  afterAll(async () => {
    for (const client of [cloudFormation, ssm, s3]) client.destroy();
    await aws.stop();
  });

  afterEach(() => expect(aws.faults).toEqual([]));

  const run = (...parameters: string[]) => runCommand(parameters, aws.url);
  const callsDuring = async (act: () => Promise<CommandResult>) => {
    const before = aws.calls.length;
    const result = await act();
    return { ...result, actions: aws.calls.slice(before).map(({ action }) => action) };
  };
  const made = async (area: string) => {
    const ids: string[] = [];
    const pages = paginateListStackResources({ client: cloudFormation }, { StackName: `${STACKS}-${area}` });
    for await (const { StackResourceSummaries = [] } of pages) {
      ids.push(...StackResourceSummaries.map(({ LogicalResourceId = '' }) => LogicalResourceId));
    }
    // Resources whose condition does not hold are there without a name.
    return ids.filter((id) => id !== '').sort();
  };
  const bucketNames = async () =>
    ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = '' }) => Name);

  it('shows everything in a dry run, and makes nothing', async () => {
    const { code, stdout, actions } = await callsDuring(() => run('deploy', '--stage', 'demo', '--dry-run', ...IMAGES));
    expect(stdout).toContain('network        new, ');
    expect(stdout).toMatch(/\d+\.\d\d USD a month while nothing happens/);
    expect(stdout).toContain('nothing has been changed');
    expect(code).toBe(0);
    expect(actions.filter((action) => /^(Create|Put|Execute|Delete|Update)/.test(action))).toEqual([]);
  });

  it('asks where somebody can answer, and refuses to guess where nobody can', async () => {
    const { code, stderr } = await run('deploy', '--stage', 'demo', ...IMAGES);
    expect(stderr).toContain('say --yes');
    expect(code).toBe(64);
  });

  it('says before anything is made that there are no images, where what builds them is left out', async () => {
    const parts = 'network,storage,platform,ml,services';
    const { stderr, code, actions } = await callsDuring(() => run(...DEPLOY, '--only', parts));
    expect(stderr).toContain('There are no images of web, was, monitor and model.');
    expect(stderr).toContain('npm run deploy -- --stage demo, without --only, does it.');
    expect([code, actions.includes('CreateChangeSet')]).toEqual([1, false]);
  });

  it('makes the repositories alone, and tells where to push when CodeBuild may not build', async () => {
    expect((await run(...DEPLOY, '--only', 'network,storage')).code).toBe(0);
    const script = ({ action, input }: AwsCall) =>
      action === 'ListServiceQuotas' && input['ServiceCode'] === 'codebuild'
        ? json({ Quotas: [{ QuotaName: 'Concurrently running builds for Linux/Medium environment', Value: 0 }] })
        : undefined;
    aws.scripts.unshift(script);
    const { stderr } = await run(...DEPLOY);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
    expect(stderr).toMatch(/docker build --file Dockerfile\.was .*&& docker push 123456789012\.dkr\.ecr\.us-east-1/);
  });

  it('goes on after it was killed between two stacks', async () => {
    const hold = aws.holdNext(isOn('CreateChangeSet', 'ml'));
    const killed = startCommand([...DEPLOY, ...IMAGES], aws.url);
    await hold.reached;
    killed.process.kill('SIGKILL');
    await killed.ended;
    hold.letGo();

    const { code, stdout, stderr } = await run(...DEPLOY, ...IMAGES);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('network        as it is');
    expect(stdout).toContain('image-classifier-demo-services is created');
    expect(stdout).toContain('The site: http://');
    expect(stdout).toContain('WARNING: it speaks plain HTTP.');
    expect(stdout).toContain('npm run pipeline -- run --data PHOTOS');
  });

  it('has made all that the templates say', async () => {
    const templates = loadTemplates();
    const given = readStageFile('demo', templates);
    const resolved = resolveGiven(templates, STAGE, given, { region: 'us-east-1' });
    for (const { template, resources } of resolved) {
      const expected = Object.values(resources).filter(({ Type }) => !NOT_IN_MOTO.includes(Type));
      expect([template.area, await made(template.area)]).toEqual([
        template.area,
        expected.map(({ logicalId }) => logicalId).sort(),
      ]);
    }
  });

  it('has handed over what stacks need of each other', async () => {
    const handedOver = await readHandedOver(ssm, STAGE);
    expect(Object.fromEntries(handedOver)).toMatchObject({
      'network/vpc-id': expect.stringMatching(/^vpc-/),
      'network/public-subnet-ids': expect.stringMatching(/^subnet-\w+,subnet-\w+$/),
      'network/assign-public-ip': 'ENABLED',
      'storage/build-bucket': expect.stringContaining('buildbucket'),
      'storage/key-arn': expect.stringMatching(/^arn:aws:kms:/),
      'platform/site-address': expect.stringMatching(/^http:\/\/.*elb\.amazonaws\.com/),
      'platform/web-production-listener-arn': expect.stringContaining(':listener/'),
      'ml/endpoint-name': expect.stringMatching(/^image-classifier-demo/),
      'ml/model-package-group': 'image-classifier-demo',
      'services/web-task-role-arn': expect.stringContaining(':role/'),
      'images/web': `example.com/web@${DIGEST}`,
    });
  });

  it('has nothing to do the second time', async () => {
    const { code, stdout, actions } = await callsDuring(() => run(...DEPLOY));
    expect(stdout).toContain('There is nothing to do.');
    expect(code).toBe(0);
    expect(actions.filter((action) => /^(Execute|DeleteStack)/.test(action))).toEqual([]);
  });

  it('refuses to replace a load balancer, and names the way to allow it', async () => {
    const script = changeOf(
      `${STACKS}-platform`,
      'PublicLoadBalancer',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'True',
    );
    aws.scripts.unshift(script);
    const { code, stdout, stderr, actions } = await callsDuring(() => run(...DEPLOY));
    expect(stdout).toContain('!! PublicLoadBalancer (ELB load balancer) REPLACED: Scheme');
    expect(stderr).toContain('its address would change');
    expect(stderr).toContain('--allow PublicLoadBalancer');
    expect([code, actions.includes('ExecuteChangeSet')]).toEqual([2, false]);

    const allowed = await run('deploy', '--stage', 'demo', '--dry-run', '--allow', 'PublicLoadBalancer');
    expect([allowed.code, allowed.stderr]).toEqual([0, '']);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
  });

  it('tells the stack which colour is live, and waits while requests are being moved', async () => {
    const handedOver = await readHandedOver(ssm, STAGE);
    const balancing = new ElasticLoadBalancingV2Client(aws.clientOptions);
    const forward = (weights: Readonly<Record<'blue' | 'green', number>>) =>
      balancing.send(
        new ModifyListenerCommand({
          ListenerArn: handedOver.get('platform/web-production-listener-arn'),
          DefaultActions: [
            {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: (['blue', 'green'] as const).map((colour) => ({
                  TargetGroupArn: handedOver.get(`platform/web-${colour}-target-group-arn`),
                  Weight: weights[colour],
                })),
              },
            },
          ],
        }),
      );
    await forward({ blue: 90, green: 10 });
    const shifting = await run(...DEPLOY);
    expect([shifting.code, shifting.stderr]).toEqual([1, expect.stringContaining('Requests to web are being moved')]);

    await forward({ blue: 0, green: 100 });
    const before = aws.calls.length;
    expect(await run(...DEPLOY)).toMatchObject({ code: 0, stderr: '' });
    const asked = aws.calls.slice(before).find(isOn('CreateChangeSet', 'platform'))?.input ?? {};
    const [name] = Object.entries(asked).find(([, value]) => value === 'WebLiveColour') ?? [''];
    expect(asked[name.replace('Key', 'Value')]).toBe('green');
    await forward({ blue: 100, green: 0 });
    balancing.destroy();
  });

  it('names the first real cause when a stack fails, and makes the stack anew the next time', async () => {
    expect(await run(...DESTROY)).toMatchObject({ code: 0, stderr: '' });
    const failing = failingCreation(`${STACKS}-observability`);
    aws.scripts.unshift(failing);
    const { code, stderr } = await run(...DEPLOY, ...IMAGES);
    expect(stderr).toContain(
      'The first thing that failed was MonthlyBudget (Budgets budget):\n  The budget is too small',
    );
    expect(stderr).not.toContain('cancelled');
    expect(stderr).toContain('Mend it, then run the same command again: it goes on from here.');
    expect(code).toBe(1);

    const again = await run(...DEPLOY, ...IMAGES);
    expect(again.stdout).toContain('made anew (an earlier attempt left ROLLBACK_COMPLETE)');
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(await made('observability')).toContain('Topic');
  });

  it('finds missing permissions before anything is made', async () => {
    const script = ({ action, input }: AwsCall) =>
      action === 'SimulatePrincipalPolicy'
        ? xml(
            action,
            `<EvaluationResults>${Object.values(input)
              .filter((each) => String(each).startsWith('ec2:'))
              .map(
                (each) =>
                  `<member><EvalActionName>${String(each)}</EvalActionName><EvalDecision>implicitDeny</EvalDecision></member>`,
              )
              .join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`,
          )
        : undefined;
    aws.scripts.unshift(script);
    const { code, stderr } = await run(...DEPLOY);
    expect(stderr).toMatch(/may not do what is needed here:\n {2}ec2: .*CreateVpc/);
    expect(code).toBe(1);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
  });

  it('says what goes and stays, and keeps the data', async () => {
    const data = (await readHandedOver(ssm, STAGE)).get('storage/data-bucket') ?? '';
    await s3.send(new PutObjectCommand({ Bucket: data, Key: 'datasets/rose/1.jpg', Body: 'rose' }));
    await s3.send(new PutObjectCommand({ Bucket: data, Key: 'datasets/rose/1.jpg', Body: 'a rose' }));

    const { code, stdout, stderr } = await run(...DESTROY);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('What stays: photos, models and feedback');
    expect(stdout).toContain(`the bucket ${data}`);
    // Of the installation that an earlier test has taken away, and of this one.
    const keys = stdout.match(/schedule-key-deletion --key-id \S+/g) ?? [];
    expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^ {4}aws kms schedule-key-deletion --key-id [0-9a-f-]{36} --pending-window-in-days 30 --region us-east-1$/,
    );
    expect(await bucketNames()).toContain(data);
    expect((await bucketNames()).filter((name) => /logsbucket|buildbucket/.test(name))).toEqual([]);
    expect([...(await readHandedOver(ssm, STAGE)).keys()]).toEqual(['kept']);
    const ecs = new ECSClient(aws.clientOptions);
    expect((await ecs.send(new ListTaskDefinitionsCommand({ status: 'ACTIVE' }))).taskDefinitionArns).toEqual([]);
    ecs.destroy();
  });

  it('copies what an earlier destruction has kept, and then deletes it for good', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'export-'));
    const { code, stdout } = await run(...DESTROY, '--export-data', folder);
    expect(stdout).toContain('Copied 1 file, 6 bytes');
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'DataBucket', 'datasets', 'rose', '1.jpg'), 'utf8')).toBe('a rose');
    expect(await bucketNames()).toEqual([]);
    rmSync(folder, { recursive: true });
    expect((await run(...DESTROY)).stdout).toContain('There is nothing of this stage');
  });
});
