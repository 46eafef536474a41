// Who can reach whom.
import { faultOf, type Rule } from '../support/rule';
import { statementsOfResource } from '../support/statements';
import { at, listAt, referred, resourcesOf, textAt, type Found, type System, type Variant } from '../support/system';

const VISITORS = [80, 443];

/** Names of endpoints by the service in the names of actions: VPC user guide, "AWS services that integrate with AWS PrivateLink". */
const ENDPOINTS: Readonly<Record<string, readonly string[]>> = {
  ecr: ['ecr.api', 'ecr.dkr'],
  kms: [],
  logs: ['logs'],
  s3: ['s3'],
  sagemaker: ['sagemaker.runtime'],
  secretsmanager: ['secretsmanager'],
};

interface Opening {
  readonly found: Found;
  readonly group: Found | undefined;
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

/** All that lets traffic in, written into a group or beside it. */
export function* ingressOf(system: System): Generator<Opening> {
  for (const found of resourcesOf(system, 'AWS::EC2::SecurityGroupIngress')) {
    yield opening(found, found.Properties, referred(found.stack.variant, found.Properties.GroupId));
  }
  for (const found of resourcesOf(system, 'AWS::EC2::SecurityGroup')) {
    for (const rule of listAt(found.Properties, 'SecurityGroupIngress')) yield opening(found, rule, found);
  }
}

function opening(found: Found, rule: Parameters<typeof at>[0], group: Found | undefined): Opening {
  const all = textAt(rule, 'IpProtocol') === '-1';
  return {
    found,
    group,
    cidr: textAt(rule, 'CidrIp') || textAt(rule, 'CidrIpv6'),
    ports: all ? [0, 65_535] : [Number(textAt(rule, 'FromPort')), Number(textAt(rule, 'ToPort'))],
  };
}

function isEverybody(cidr: string): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0';
}

/** Listeners by load balancer, with what their groups let in from outside. */
function* testListeners(system: System) {
  for (const group of resourcesOf(system, 'AWS::CodeDeploy::DeploymentGroup')) {
    const { variant } = group.stack;
    const pair = at(group.Properties, 'LoadBalancerInfo', 'TargetGroupPairInfoList', 0);
    const listener = referred(variant, at(pair, 'TestTrafficRoute', 'ListenerArns', 0));
    const balancer = referred(variant, listener?.Properties.LoadBalancerArn);
    const groups = listAt(balancer?.Properties, 'SecurityGroups').map((symbol) => referred(variant, symbol)?.logicalId);
    if (listener) yield { listener, groups };
  }
}

export const NETWORK_RULES = {
  everybody: {
    says: 'everybody is let in to the public load balancer alone, at 80 and 443',
    *faults(system) {
      for (const { found, group, cidr, ports } of ingressOf(system)) {
        if (!isEverybody(cidr)) continue;
        const known =
          group?.logicalId === 'PublicLoadBalancerSecurityGroup' &&
          ports[0] === ports[1] &&
          VISITORS.includes(ports[0]);
        if (!known) yield faultOf(found, `lets everybody in to ${group?.logicalId ?? 'a group'} at ${ports.join('-')}`);
      }
    },
  },
  testListener: {
    says: 'a test listener is open to nobody: rollouts are checked by asking tasks',
    *faults(system) {
      for (const { listener, groups } of testListeners(system)) {
        const port = Number(textAt(listener.Properties, 'Port'));
        for (const { found, group, cidr, ports } of ingressOf(system)) {
          if (found.stack.variant !== listener.stack.variant || !groups.includes(group?.logicalId)) continue;
          if (port >= ports[0] && port <= ports[1])
            yield faultOf(found, `opens test listener ${listener.logicalId} to ${cidr || 'a group'}`);
        }
      }
    },
  },
  egress: {
    says: 'no group lets everything out, not even by silence',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::EC2::SecurityGroup')) {
        const rules = listAt(found.Properties, 'SecurityGroupEgress');
        if (rules.length === 0) yield faultOf(found, 'has no SecurityGroupEgress, so lets everything out');
        if (rules.some((rule) => textAt(rule, 'IpProtocol') === '-1' && isEverybody(textAt(rule, 'CidrIp'))))
          yield faultOf(found, 'lets everything out');
      }
      for (const found of resourcesOf(system, 'AWS::EC2::SecurityGroupEgress')) {
        if (textAt(found.Properties, 'IpProtocol') === '-1') yield faultOf(found, 'lets everything out');
      }
    },
  },
  bothEnds: {
    says: 'a connection between two groups is open at both its ends',
    *faults(system) {
      for (const variant of system.variants) {
        const inward = [...resourcesOf(variant, 'AWS::EC2::SecurityGroupIngress')];
        const outward = [...resourcesOf(variant, 'AWS::EC2::SecurityGroupEgress')];
        const key = (from: unknown, to: unknown, { Properties }: Found) =>
          JSON.stringify([groupId(from), groupId(to), Properties.FromPort, Properties.ToPort]);
        const open = new Set(
          inward.map((found) => key(found.Properties.SourceSecurityGroupId, found.Properties.GroupId, found)),
        );
        const called = new Set(
          outward.map((found) => key(found.Properties.GroupId, found.Properties.DestinationSecurityGroupId, found)),
        );
        const within = new Set(
          [...resourcesOf(variant, 'AWS::EC2::SecurityGroup')]
            .filter(({ Properties }) => Properties.SecurityGroupIngress !== undefined)
            .map(({ logicalId }) => logicalId),
        );
        for (const found of outward) {
          const to = found.Properties.DestinationSecurityGroupId;
          if (to === undefined || within.has(referred(variant, groupId(to))?.logicalId ?? '')) continue;
          if (!open.has(key(found.Properties.GroupId, to, found)))
            yield faultOf(found, 'leads to a group that does not let it in');
        }
        for (const found of inward) {
          const from = found.Properties.SourceSecurityGroupId;
          if (from !== undefined && !called.has(key(from, found.Properties.GroupId, found)))
            yield faultOf(found, 'lets a group in that is not let out');
        }
      }
    },
  },
  endpoints: {
    says: 'where the VPC has endpoints of its own, there is one for each service of AWS that tasks need, and no other',
    *faults(system) {
      for (const variant of system.variants) {
        const endpoints = [...resourcesOf(variant, 'AWS::EC2::VPCEndpoint')];
        if (!endpoints.some(({ Properties }) => Properties.VpcEndpointType === 'Interface')) continue;
        const needed = endpointsForTasks(variant);
        const serviceOf = ({ Properties }: Found) => textAt(Properties, 'ServiceName').split('.').slice(3).join('.');
        for (const found of endpoints) {
          if (!needed.has(serviceOf(found))) yield faultOf(found, `leads to ${serviceOf(found)}, which no task calls`);
        }
        const there = endpoints.map(serviceOf);
        for (const service of needed)
          if (!there.includes(service)) yield `${variant.name}: tasks have no endpoint of ${service}`;
      }
    },
  },
  groups: {
    says: 'load balancers and services stand in a security group of these templates',
    *faults(system) {
      for (const found of [
        ...resourcesOf(system, 'AWS::ElasticLoadBalancingV2::LoadBalancer'),
        ...resourcesOf(system, 'AWS::ECS::Service'),
      ]) {
        const groups = [
          ...listAt(found.Properties, 'SecurityGroups'),
          ...listAt(found.Properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups'),
        ];
        if (groups.some((group) => referred(found.stack.variant, group)?.Type !== 'AWS::EC2::SecurityGroup'))
          yield faultOf(found, 'stands in a group that is not of these templates');
      }
    },
  },
  tls: {
    says: 'with a certificate visitors are served over TLS 1.2 or newer, and sent there from port 80',
    *faults(system) {
      for (const variant of system.variants) {
        if (!variant.values.CertificateArn) continue;
        const listeners = [...resourcesOf(variant, 'AWS::ElasticLoadBalancingV2::Listener')];
        const isPublic = ({ Properties }: Found) =>
          referred(variant, Properties.LoadBalancerArn)?.Properties.Scheme === 'internet-facing';
        for (const found of listeners.filter(isPublic)) {
          const { Protocol, SslPolicy } = found.Properties;
          const redirects = textAt(found.Properties, 'DefaultActions', 0, 'Type') === 'redirect';
          if (Protocol !== 'HTTPS' && !redirects)
            yield faultOf(found, 'serves without TLS, and there is a certificate');
          if (Protocol === 'HTTPS' && !/^ELBSecurityPolicy-TLS13-1-[23]-/.test(textAt(SslPolicy)))
            yield faultOf(found, `has the TLS policy ${textAt(SslPolicy) || 'of old'}`);
        }
        if (
          !listeners.some(
            ({ Properties }) =>
              textAt(Properties, 'Port') === '80' && textAt(Properties, 'DefaultActions', 0, 'Type') === 'redirect',
          )
        )
          yield `with a certificate nobody redirects port 80`;
      }
    },
  },
} satisfies Record<string, Rule>;

/** Of the services that tasks, or ECS for them, may call. What they may do with a key, others do for them. */
function endpointsForTasks(variant: Variant): Set<string> {
  const roles = [...resourcesOf(variant, 'AWS::ECS::TaskDefinition')].flatMap(({ Properties }) =>
    [Properties.TaskRoleArn, Properties.ExecutionRoleArn].flatMap((role) => referred(variant, role) ?? []),
  );
  const actions = roles
    .flatMap((role) => [...statementsOfResource(role)])
    .filter(({ kind }) => kind === 'identity')
    .flatMap((statement) => statement.actions);
  return new Set(actions.flatMap((action) => ENDPOINTS[action.split(':')[0] ?? ''] ?? [action]));
}

/** `${network:Web}` and `${network:Web.GroupId}` are the same group. */
function groupId(symbol: unknown): string {
  return String(symbol).replace('.GroupId}', '}');
}
