// Every type of resource is either created by moto, which has the deploy command run against it, or held against its service's API here.
import type { Value } from '../../tools/cloudformation/template';
import { CALLS, callsOf, hasBotocore, nameOf, reportsOf } from './support/api-shapes';
import { changed } from './support/change';
import { loadSystem, resourcesOf, type System } from './support/system';

if (!hasBotocore) console.warn('botocore is not here: what moto does not create is not checked. pip install botocore');

/** Created by moto when the deploy command runs against it (test/aws), with their properties looked at by moto. */
const CREATED_BY_MOTO = [
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
];

const system = loadSystem();

function faults(of: System): string[] {
  const calls = [...resourcesOf(of)].flatMap((found) => callsOf(found).map((call) => ({ found, call })));
  const unique = new Map(calls.map((one) => [JSON.stringify([one.found.logicalId, one.call]), one]));
  const reports = reportsOf([...unique.values()].map(({ call }) => call));
  return [...unique.values()].flatMap(({ found, call }, index) =>
    reports[index] ? [`${nameOf(found, call)}: ${reports[index]}`] : [],
  );
}

describe('types of resources', () => {
  it('are created by moto or held against an API: a new one is to be decided', () => {
    const used = new Set([...resourcesOf(system)].map(({ Type }) => Type));
    const known = [...CREATED_BY_MOTO, ...Object.keys(CALLS)];

    expect([...used].filter((type) => !known.includes(type))).toEqual([]);
  });
});

const withBotocore = hasBotocore ? describe : describe.skip;

withBotocore('what the templates ask of AWS', () => {
  it('has the names and kinds of values that the APIs have', () => {
    expect(faults(system)).toEqual([]);
  }, 120_000);

  it.each<[place: string, (string | number)[], Value | undefined, string]>([
    [
      'services WebDeploymentGroup',
      ['LoadBalancerInfo', 'TargetGroupPairs'],
      [],
      'Unknown parameter in loadBalancerInfo: "TargetGroupPairs"',
    ],
    [
      'services WebDeploymentGroup',
      ['ServiceRoleArn'],
      undefined,
      'Missing required parameter in input: "serviceRoleArn"',
    ],
    ['services WasTasks', ['MaxCapacity'], 'many', 'Invalid type for parameter MaxCapacity'],
    [
      'services WasTaskDefinition',
      ['ContainerDefinitions', 0, 'HealthChecks'],
      {},
      'Unknown parameter in containerDefinitions[0]: "HealthChecks"',
    ],
    [
      'services WebByCpu',
      ['TargetTrackingScalingPolicyConfiguration', 'TargetValue'],
      undefined,
      'Missing required parameter',
    ],
    ['ml Pipeline', ['PipelineName'], undefined, 'Missing required parameter in input: "PipelineName"'],
    [
      'delivery Pipeline',
      ['Stages', 2, 'BeforeEntry', 'Condition'],
      [],
      'Unknown parameter in pipeline.stages[2].beforeEntry',
    ],
    [
      'delivery Pipeline',
      ['ArtifactStore', 'Location'],
      undefined,
      'Missing required parameter in pipeline.artifactStore',
    ],
    ['observability DriftAlarm', ['Metric'], 'x', 'Unknown parameter in input: "Metric"'],
    [
      'platform WebAcl',
      ['Rules', 0, 'Statement', 'RateBasedStatement', 'Limits'],
      1,
      'Unknown parameter in Rules[0].Statement.RateBasedStatement: "Limits"',
    ],
  ])(
    'is seen where it is wrong: %s %j = %j',
    (place, path, value, words) => {
      const [area = '', logicalId = ''] = place.split(' ');

      expect(
        faults(changed(system, area, ['resources', logicalId, 'Properties', ...path], value)).join('\n'),
      ).toContain(words);
    },
    120_000,
  );
});
