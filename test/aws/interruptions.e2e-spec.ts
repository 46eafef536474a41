// Stacks that take their time, as they do in AWS: a command that is killed in the middle, what the next one finds, and what a person is told.
import { CloudFormationClient, GetStackPolicyCommand } from '@aws-sdk/client-cloudformation';
import { AwsCall, AwsDouble } from '../support/aws-double';
import { runCommand, startCommand } from '../support/command';
import { until } from '../support/conditions';
import { hasMoto } from '../support/moto';
import { changeOf, tellOf } from '../support/scripted-stacks';

(hasMoto ? describe : describe.skip)('a deployment on its way (skipped where there is no moto_server)', () => {
  jest.setTimeout(180_000);
  let aws: AwsDouble;
  let cloudFormation: CloudFormationClient;

  beforeAll(async () => {
    aws = await AwsDouble.start();
    cloudFormation = new CloudFormationClient(aws.clientOptions);
  });
  afterAll(async () => {
    cloudFormation.destroy();
    await aws.stop();
  });
  afterEach(() => {
    aws.rewrites.length = 0;
    expect(aws.faults).toEqual([]);
  });

  /** Installations of their own, so that tests do not meet. */
  const deploy = (project: string, areas = 'network') => [
    ...['deploy', '--stage', 'demo', '--project', project, '--only', areas, '--yes'],
  ];
  const actionsSince = (start: number) => aws.calls.slice(start).map(({ action }) => action);
  const policyOf = async (stack: string) =>
    (await cloudFormation.send(new GetStackPolicyCommand({ StackName: stack }))).StackPolicyBody ?? '';

  it('waits for a stack in whose middle a command was killed, and goes on behind it', async () => {
    const network = tellOf(aws, 'killed-demo-network');
    network.becomes('CREATE_IN_PROGRESS', 'User Initiated');
    const killed = startCommand(deploy('killed', 'network,storage'), aws.url);
    await until(() => {
      const actions = actionsSince(0);
      return (
        actions.lastIndexOf('DescribeStacks') > actions.indexOf('ExecuteChangeSet') &&
        actions.includes('ExecuteChangeSet')
      );
    });
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(await policyOf('killed-demo-network')).not.toContain('Deny');

    const start = aws.calls.length;
    const next = startCommand(deploy('killed', 'network,storage'), aws.url);
    await until(() => next.said.stdout.includes('killed-demo-network is being worked on (CREATE_IN_PROGRESS)'));
    expect(actionsSince(start)).not.toContain('CreateChangeSet');
    network.becomes('CREATE_COMPLETE');
    const { code, stdout, stderr } = await next.ended;
    expect(stdout).toContain('killed-demo-network has come to rest: CREATE_COMPLETE');
    expect(stdout).toContain('network        as it is');
    expect(stdout).toContain('killed-demo-storage is created');
    expect([code, stderr]).toEqual([0, '']);
    expect(actionsSince(start).filter((action) => action === 'ExecuteChangeSet')).toHaveLength(1);
    // What the killed command would have done at its end.
    expect(await policyOf('killed-demo-network')).toContain('Deny');
  });

  it('names the cause when what it waits for is taken back, and makes it anew', async () => {
    expect(await runCommand(deploy('anew'), aws.url)).toMatchObject({ code: 0, stderr: '' });
    const network = tellOf(aws, 'anew-demo-network');
    network.becomes('CREATE_IN_PROGRESS', 'User Initiated');
    const next = startCommand(deploy('anew'), aws.url);
    await until(() => next.said.stdout.includes('is being worked on'));
    network.resource('Vpc', 'AWS::EC2::VPC', 'CREATE_FAILED', 'The maximum number of VPCs has been reached.');
    network.becomes('ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Vpc].');
    network.becomes('ROLLBACK_COMPLETE');
    const { code, stdout, stderr } = await next.ended;
    expect(stdout).toContain('The stack anew-demo-network failed: ROLLBACK_COMPLETE.');
    expect(stdout).toContain('first thing that failed was Vpc (EC2 VPC):\n  The maximum number of VPCs');
    expect(stdout).toContain('made anew (an earlier attempt left ROLLBACK_COMPLETE)');
    expect(stdout).toContain('anew-demo-network is created');
    expect([code, stderr]).toEqual([0, '']);
  });

  it('waits for an update of somebody else, and then has nothing to do', async () => {
    expect(await runCommand(deploy('busy'), aws.url)).toMatchObject({ code: 0 });
    const network = tellOf(aws, 'busy-demo-network');
    network.becomes('UPDATE_IN_PROGRESS', 'User Initiated');
    const next = startCommand(deploy('busy'), aws.url);
    await until(() => next.said.stdout.includes('is being worked on (UPDATE_IN_PROGRESS)'));
    network.becomes('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    network.becomes('UPDATE_COMPLETE');
    const { code, stdout } = await next.ended;
    expect(stdout).toContain('come to rest: UPDATE_COMPLETE');
    expect(stdout).toContain('There is nothing to do.');
    expect(code).toBe(0);
  });

  it.each([
    ['UPDATE_ROLLBACK_FAILED', 'could not go back', 'continue-update-rollback --stack-name busy-demo-network'],
    ['ROLLBACK_FAILED', 'could not be taken away completely', 'delete-stack --stack-name busy-demo-network'],
    ['DELETE_FAILED', 'could not be taken away completely', 'delete-stack --stack-name busy-demo-network'],
  ])('of a stack in %s says that it %s, and what to type', async (status, what, command) => {
    tellOf(aws, 'busy-demo-network').becomes(status);
    const start = aws.calls.length;
    const { code, stderr } = await runCommand(deploy('busy'), aws.url);
    expect(stderr).toContain(what);
    expect(stderr).toContain(command);
    expect([code, actionsSince(start).includes('CreateChangeSet')]).toEqual([1, false]);
  });

  it.each([
    ['UPDATE_COMPLETE', 0, 'busy-demo-network is changed', ''],
    ['UPDATE_ROLLBACK_COMPLETE', 1, 'being changed', 'The stack busy-demo-network failed: UPDATE_ROLLBACK_COMPLETE.'],
  ])('lets what is allowed by name be replaced once, when it ends in %s', async (status, code, said, complaint) => {
    const network = tellOf(aws, 'busy-demo-network');
    const change = changeOf('busy-demo-network', 'Vpc', 'AWS::EC2::VPC', 'True');
    const script = (call: AwsCall) => {
      const answer = change(call);
      if (call.action === 'ExecuteChangeSet') network.becomes(status);
      return answer;
    };
    aws.scripts.unshift(script);
    const start = aws.calls.length;
    const result = await runCommand([...deploy('busy'), '--allow', 'Vpc'], aws.url);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
    expect(result.stdout).toContain('!! Vpc (EC2 VPC) REPLACED');
    expect(result.stdout).toContain(said);
    expect(result.stderr).toContain(complaint);
    expect(result.code).toBe(code);
    const policies = aws.calls.slice(start).filter(({ action }) => action === 'SetStackPolicy');
    expect(policies.map(({ input }) => String(input['StackPolicyBody']).includes('LogicalResourceId/Vpc'))).toEqual([
      true,
      false,
    ]);
  });
});
