import { parseTemplate } from '../../cloudformation/template';
import { refusedChanges } from './guard';
import { ChangeKind, PlannedChange } from './planned-change';
import { stackPolicy } from './stack-policy';

const template = parseTemplate(
  `Resources:
  Web: { Type: 'AWS::ECS::Service', Properties: { DeploymentController: { Type: CODE_DEPLOY } } }
  Monitor: { Type: 'AWS::ECS::Service', Properties: { DeploymentController: { Type: ECS } } }`,
  '50-services.yaml',
);

function change(kind: ChangeKind, type: string, logicalId = 'It', ...properties: string[]): PlannedChange {
  return { kind, type, logicalId, properties: properties.map((name) => ({ name })), isRetained: false };
}

function refused(changed: PlannedChange, changedParameters: string[] = [], allowed: string[] = []): boolean {
  return refusedChanges({ template, changes: [changed], changedParameters }, allowed).length > 0;
}

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

describe('the guard', () => {
  it.each([
    ['AWS::S3::Bucket'],
    ['AWS::KMS::Key'],
    ['AWS::ECR::Repository'],
    ['AWS::SageMaker::ModelPackageGroup'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup'],
    ['AWS::ECS::Service'],
  ])('refuses that a %s is replaced, may be replaced, or is removed', (type) => {
    for (const kind of ['replace', 'may-replace', 'remove'] as const) expect(refused(change(kind, type))).toBe(true);
    expect(refused(change('change', type))).toBe(false);
    expect(refused(change('add', type))).toBe(false);
    expect(refused(change('replace', type), [], ['It'])).toBe(false);
    expect(refused(change('replace', type), [], ['Other'])).toBe(true);
  });

  it('lets other types be replaced', () => {
    expect(refused(change('replace', 'AWS::CloudWatch::Alarm'))).toBe(false);
  });

  it('refuses any change of a service that CodeDeploy owns, and only of that', () => {
    expect(refused(change('change', 'AWS::ECS::Service', 'Web'))).toBe(true);
    expect(refused(change('change', 'AWS::ECS::Service', 'Monitor'))).toBe(false);
  });

  it('refuses to change a listener, but for learning which colour is live', () => {
    expect(refused(change('change', LISTENER, 'It', 'Port'), ['WebLiveColour'])).toBe(true);
    expect(refused(change('change', LISTENER, 'It', 'DefaultActions'))).toBe(true);
    expect(refused(change('change', LISTENER, 'It', 'DefaultActions'), ['WebLiveColour'])).toBe(false);
    expect(refused(change('change', LISTENER, 'It', 'DefaultActions', 'Port'), ['WebLiveColour'])).toBe(true);
  });

  it('refuses to switch versions off', () => {
    expect(refused(change('change', 'AWS::S3::Bucket', 'It', 'VersioningConfiguration'))).toBe(true);
  });

  it('is a policy of the stack as well, but for what is allowed', () => {
    const deny = (allowed: string[]) => (JSON.parse(stackPolicy(allowed)) as { Statement: object[] }).Statement[1];
    expect(deny([])).toMatchObject({ Effect: 'Deny', Action: ['Update:Replace', 'Update:Delete'], Resource: '*' });
    expect(deny(['Key'])).toMatchObject({ NotResource: ['LogicalResourceId/Key'] });
    expect(deny(['Key'])).not.toHaveProperty('Resource');
  });
});
