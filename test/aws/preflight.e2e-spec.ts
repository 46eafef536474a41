// What would make a deployment fail is found before anything is made: credentials, permissions, quotas.
import { AwsDouble, Answer, json, Script, xml } from '../support/aws-double';
import { hasTerminals, runCommand, runInTerminal, withoutColours } from '../support/command';
import { hasMoto } from '../support/moto';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGES = ['web', 'was', 'monitor', 'model'].flatMap((name) => [
  '--image',
  `${name}=example.com/${name}@${DIGEST}`,
]);
const DEPLOY = ['deploy', '--stage', 'demo', ...IMAGES];

const refusal = (code: string, message: string): Answer => ({
  status: 403,
  contentType: 'text/xml',
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

const SCARCE: Readonly<Record<string, number>> = {
  'L-F678F1CE': 0,
  'L-53DA6B97': 1,
  'L-3032A538': 0.25,
  'L-36FBB829': 0.25,
};

const CASES: readonly (readonly [what: string, script: Script, told: RegExp])[] = [
  [
    'credentials that have expired',
    ({ action }) => (action === 'GetCallerIdentity' ? refusal('ExpiredToken', 'The token has expired') : undefined),
    /The AWS credentials have expired\. Sign in again, for example: aws sso login/,
  ],
  [
    'credentials that AWS does not know',
    ({ action }) =>
      action === 'GetCallerIdentity' ? refusal('InvalidClientTokenId', 'The token is invalid') : undefined,
    /There are no valid AWS credentials \(The token is invalid\)/,
  ],
  [
    'a permission that is missing',
    ({ action, input }) =>
      action === 'SimulatePrincipalPolicy' && Object.values(input).includes('iam:CreateRole')
        ? xml(
            action,
            `<EvaluationResults><member><EvalActionName>iam:CreateRole</EvalActionName>
             <EvalDecision>explicitDeny</EvalDecision></member></EvaluationResults><IsTruncated>false</IsTruncated>`,
          )
        : undefined,
    /may not do what is needed here:\n {2}iam: CreateRole\n.*--skip-permission-check/s,
  ],
  [
    'quotas that are too small',
    ({ action, input }) =>
      action === 'GetServiceQuota' ? json({ Quota: { Value: SCARCE[String(input['QuotaCode'])] ?? 1000 } }) : undefined,
    /may have 0 VPCs and has \d+; 1 more is needed\.\n.*--quota-code L-F678F1CE --desired-value \d+.*may have 1 Application Load Balancers.*may have 0\.25 Fargate .*vCPUs/s,
  ],
  [
    'instances that SageMaker does not lend',
    ({ action }) =>
      action === 'ListServiceQuotas'
        ? json({ Quotas: [{ QuotaName: 'ml.m5.large for training job usage', Value: 0 }] })
        : undefined,
    /may have 0 ml\.m5\.large for training job usage; 1 more is needed/,
  ],
];

(hasMoto ? describe : describe.skip)('preflight (skipped where there is no moto_server)', () => {
  jest.setTimeout(120_000);
  let aws: AwsDouble;
  beforeAll(async () => (aws = await AwsDouble.start()));
  afterAll(() => aws.stop());
  beforeEach(() => (aws.calls.length = 0));
  const changing = () =>
    aws.calls
      .map(({ action }) => action)
      .filter((action) => /^(Create|Put|Execute|Delete|Update|Set|Run)/.test(action));

  it.each(CASES)('finds %s before anything is made', async (_, script, told) => {
    aws.scripts.unshift(script);
    const { code, stderr } = await runCommand([...DEPLOY, '--yes'], aws.url);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
    expect(stderr).toMatch(told);
    expect([code, changing()]).toEqual([1, []]);
  });

  it('says what it could not ask, and goes on', async () => {
    const script: Script = ({ action }) =>
      action === 'SimulatePrincipalPolicy' ? refusal('AccessDenied', 'You may not ask') : undefined;
    aws.scripts.unshift(script);
    const { code, stdout } = await runCommand([...DEPLOY, '--dry-run'], aws.url);
    aws.scripts.splice(aws.scripts.indexOf(script), 1);
    expect(stdout).toContain('Warning: Permissions could not be checked (You may not ask).');
    expect([code, changing()]).toEqual([0, []]);
  });

  (hasTerminals ? describe : describe.skip)('in a terminal (skipped where there is no script of util-linux)', () => {
    it('asks, and leaves everything alone unless the answer is yes', async () => {
      const { code, stdout } = await runInTerminal(DEPLOY, aws.url, 'no');
      expect(withoutColours(stdout)).toContain('Deploy this? [y/N]');
      expect(stdout).toContain('Nothing has been changed.');
      expect([code, changing()]).toEqual([1, []]);
    });

    it('does it when the answer is yes, and takes it away when its name is typed', async () => {
      const deployed = await runInTerminal([...DEPLOY, '--only', 'network'], aws.url, 'y');
      expect(withoutColours(deployed.stdout)).toContain('image-classifier-demo-network is created');
      expect(deployed.code).toBe(0);

      const refused = await runInTerminal(['destroy', '--stage', 'demo'], aws.url, 'production');
      expect(refused.stdout).toContain('That is not its name. Nothing has been changed.');
      expect(refused.code).toBe(1);
      const destroyed = await runInTerminal(['destroy', '--stage', 'demo'], aws.url, 'demo');
      expect(withoutColours(destroyed.stdout)).toContain('Everything is gone.');
      expect(destroyed.code).toBe(0);
    });

    it('shows rows that fit into its 80 columns, in colour', async () => {
      const { stdout } = await runInTerminal([...DEPLOY, '--dry-run'], aws.url, '');
      expect(stdout).toContain('\u001b[1mWhat will change\u001b[0m');
      const rows = withoutColours(stdout)
        .split(/\r?\n/)
        .filter((line) => / new, \d+ resources/.test(line));
      expect(rows.length).toBeGreaterThan(4);
      expect(rows.filter((line) => line.length > 80)).toEqual([]);
    });
  });
});
