// Sums are worked out here by hand from the price table, which alone holds prices.
import { parseTemplate } from '../../cloudformation/template';
import { resolveStage, stageNames, readStage } from '../../cloudformation/stage';
import { loadTemplates } from '../../cloudformation/template';
import { resolveGiven } from '../stage/stack-parameters';
import { costSentence, costTable } from './cost-lines';
import { fargateNeeds } from './fargate-tasks';
import { monthlyCosts, total } from './monthly-costs';
import { INSTANCE_PRICES, perMonth, PRICES, SPOT_SHARE } from './prices';

const services = (properties: string) =>
  resolveStage(
    [
      parseTemplate(
        `Resources:
  Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: web, Cpu: 512, Memory: 1024, RuntimePlatform: { CpuArchitecture: ARM64 } } }
  Web: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: web, DesiredCount: 1${properties} } }
  Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ResourceId: !Sub 'service/c/\${Web.Name}', MinCapacity: 2, MaxCapacity: 5 } }`,
        '50-services.yaml',
      ),
    ],
    {},
  );

describe('monthly costs', () => {
  it('count tasks by the least that scaling leaves, their size, kind and addresses', () => {
    const task = 0.5 * perMonth(PRICES.fargateVcpuArm) + perMonth(PRICES.fargateGbArm);
    expect(total(monthlyCosts(services('')))).toBeCloseTo(2 * task);
    const spot = services(', CapacityProviderStrategy: [{ CapacityProvider: FARGATE_SPOT, Weight: 1 }]');
    expect(total(monthlyCosts(spot))).toBeCloseTo(2 * task * SPOT_SHARE);
    const open = services(', NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: ENABLED } }');
    expect(total(monthlyCosts(open))).toBeCloseTo(2 * task + 2 * perMonth(PRICES.publicIpv4));
    expect(fargateNeeds(spot)).toEqual({ onDemandVcpu: 0, spotVcpu: 2.5 });
  });

  it('count what stands for zones, rules and metrics', () => {
    const resolved = resolveStage(
      [
        parseTemplate(
          `Resources:
  Nat: { Type: 'AWS::EC2::NatGateway' }
  Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: Interface, SubnetIds: [a, b] } }
  Gateway: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: Gateway } }
  Public: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: internet-facing, Subnets: [a, b] } }
  Acl: { Type: 'AWS::WAFv2::WebACL', Properties: { Rules: [{}, {}, {}] } }
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: a+b }] } }`,
          '00-network.yaml',
        ),
      ],
      {},
    );
    expect(monthlyCosts(resolved).map(({ resource, usd }) => [resource, usd])).toEqual([
      ['Nat', perMonth(PRICES.natGateway)],
      ['Endpoint', 2 * perMonth(PRICES.interfaceEndpoint)],
      ['Public', perMonth(PRICES.loadBalancer) + 2 * perMonth(PRICES.publicIpv4)],
      ['Acl', perMonth(PRICES.webAcl) + 3 * perMonth(PRICES.webAclRule)],
      ['Alarm', 2 * perMonth(PRICES.alarmMetric)],
    ]);
  });

  it('have a price for all that the stages use', () => {
    const templates = loadTemplates();
    expect(stageNames()).toEqual(expect.arrayContaining(['demo', 'production']));
    for (const stage of stageNames()) {
      const values = Object.fromEntries(Object.entries(readStage(stage)).map(([name, value]) => [name, String(value)]));
      const place = { project: 'image-classifier', stage };
      const lines = monthlyCosts(resolveGiven(templates, place, values, { region: 'us-east-1' }));
      expect(lines.filter(({ usd }) => usd === undefined)).toEqual([]);
    }
    expect(Object.keys(INSTANCE_PRICES)).toEqual(expect.arrayContaining(['ml.m5.large']));
  });

  it('are shown with what is alike in one line, and with the difference', () => {
    const line = { area: 'a', resource: 'One', what: 'alarm', usd: 0.1 };
    const lines = [line, { ...line, resource: 'Two' }, { ...line, resource: 'Big', what: 'NAT gateway', usd: 30 }];
    expect(costTable(lines)).toEqual([
      'resource   what         USD a month',
      'a                             30.20',
      '  2 alike  alarms              0.20',
      '  Big      NAT gateway        30.00',
      'total                         30.20',
    ]);
    expect(costSentence(lines, [])).toBe('30.20 USD a month while nothing happens');
    expect(costSentence(lines, [line])).toBe('30.20 USD a month while nothing happens (now 0.10, +30.10)');
    expect(costSentence([line], lines)).toBe('0.10 USD a month while nothing happens (now 30.20, -30.10)');
  });
});
