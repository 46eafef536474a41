// The network of a stage as a Mermaid flowchart, taken from the templates alone: who stands where, who may call whom, and at which port.
import { textOf, type ResolvedResource, type ResolvedTemplate } from '../cloudformation/resolve-template';
import { isList, isValues, type Value, type Values } from '../cloudformation/template';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** Places that are no resource of ours. */
const INTERNET = 'internet';
const AWS = 'aws';
const S3 = 's3';
const NAT = 'nat';

const SYMBOL = /^\$\{[a-z]+:([A-Za-z0-9]+)/;

/** @param stacks all templates of a stage, worked out together. */
export function networkDiagram(stacks: readonly ResolvedTemplate[]): string {
  const resources = stacks.flatMap((stack) => Object.values(stack.resources));
  const edges = mergePorts(resources.flatMap((resource) => edgesOf(resource, hasNat(resources))));
  const places = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const inside = [...places].filter((place) => ![INTERNET, AWS, S3, NAT].includes(place));
  const isPublic = (place: string) => standsInPublic(place, resources);
  const vpc = resources.find(({ Type }) => Type === 'AWS::EC2::VPC');
  return [
    'flowchart LR',
    `  ${INTERNET}(["internet"])`,
    `  subgraph vpc["VPC ${textAt(vpc?.Properties, 'CidrBlock')}"]`,
    ...subnetLines('public', resources, [
      ...inside.filter(isPublic).map((place) => nodeOf(place, resources)),
      ...(hasNat(resources) ? [`${NAT}["NAT, ${countOf(resources, 'AWS::EC2::NatGateway')}"]`] : []),
    ]),
    ...subnetLines(
      'private',
      resources,
      inside.filter((place) => !isPublic(place)).map((place) => nodeOf(place, resources)),
    ),
    '  end',
    `  ${AWS}(["APIs of AWS: ECR, CloudWatch Logs, SageMaker, Secrets Manager, S3"])`,
    ...(places.has(S3) ? [`  ${S3}(["S3, by the gateway endpoint"])`] : []),
    ...edges.map(({ from, to, port }) => `  ${from} -->|${port}| ${to}`),
    ...(hasNat(resources) && places.has(NAT) ? [`  ${NAT} --> ${AWS}`] : []),
  ].join('\n');
}

function edgesOf({ Type, Properties, logicalId }: ResolvedResource, natted: boolean): Edge[] {
  const port = portOf(Properties);
  const group = placeOf(Properties.GroupId);
  if (Type === 'AWS::EC2::SecurityGroupIngress') {
    const { SourceSecurityGroupId } = Properties;
    return [{ from: SourceSecurityGroupId === undefined ? INTERNET : placeOf(SourceSecurityGroupId), to: group, port }];
  }
  if (Type === 'AWS::EC2::SecurityGroupEgress') {
    if (Properties.DestinationPrefixListId !== undefined) return [{ from: group, to: S3, port }];
    if (Properties.CidrIp !== undefined) return [{ from: group, to: natted ? NAT : AWS, port }];
    // Between groups the rule of who is called says it; the endpoints' group has its rules inside it.
    return placeOf(Properties.DestinationSecurityGroupId) === 'Endpoint' ? [{ from: group, to: 'Endpoint', port }] : [];
  }
  return logicalId === 'EndpointSecurityGroup' ? [{ from: 'Endpoint', to: AWS, port: '443' }] : [];
}

/** One arrow for each pair, with all its ports. */
function mergePorts(edges: readonly Edge[]): Edge[] {
  const byPair = new Map<string, Edge[]>();
  for (const edge of edges)
    byPair.set(`${edge.from} ${edge.to}`, [...(byPair.get(`${edge.from} ${edge.to}`) ?? []), edge]);
  return [...byPair.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const ports = [...new Set([first, ...more].map(({ port }) => port))];
    return [{ ...first, port: ports.toSorted((one, two) => parseInt(one) - parseInt(two)).join(', ') }];
  });
}

function portOf({ FromPort, ToPort }: Values): string {
  const [from, to] = [textOf(FromPort ?? ''), textOf(ToPort ?? '')];
  return from === to ? from : `${from}-${to}`;
}

/** `${network:WebSecurityGroup.GroupId}` -> `Web` */
function placeOf(symbol: Value | undefined): string {
  return (SYMBOL.exec(textOf(symbol ?? ''))?.[1] ?? '').replace(/SecurityGroup$/, '');
}

function nodeOf(place: string, resources: readonly ResolvedResource[]): string {
  const details = [...listenersOf(place, resources), ...tasksOf(place, resources)];
  return `${place}["${[wordsOf(place), ...details].join('<br>')}"]`;
}

/** `InternalLoadBalancer` -> `internal load balancer` */
function wordsOf(place: string): string {
  const words = place.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  if (place === 'Endpoint') return 'interface endpoints';
  return place === 'Function' ? 'check of a rollout' : words;
}

function listenersOf(place: string, resources: readonly ResolvedResource[]): string[] {
  return resources
    .filter(({ Type, Properties }) => Type.endsWith('::Listener') && placeOf(Properties.LoadBalancerArn) === place)
    .map(({ logicalId, Properties }) => {
      const purpose = /(Production|Test|Redirect)/.exec(logicalId)?.[1]?.toLowerCase() ?? '';
      return `${textAt(Properties, 'Protocol')} ${textAt(Properties, 'Port')} ${purpose}`;
    });
}

function tasksOf(place: string, resources: readonly ResolvedResource[]): string[] {
  const service = serviceOf(place, resources);
  const [provider] = listAt(service?.Properties, 'CapacityProviderStrategy');
  return service ? [textAt(provider, 'CapacityProvider') === 'FARGATE_SPOT' ? 'Fargate Spot' : 'Fargate'] : [];
}

function serviceOf(place: string, resources: readonly ResolvedResource[]): ResolvedResource | undefined {
  return resources.find(
    ({ Type, Properties }) =>
      Type === 'AWS::ECS::Service' &&
      listAt(Properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'SecurityGroups').some(
        (group) => placeOf(group) === place,
      ),
  );
}

/** By the subnets of the load balancer or service; functions and endpoints stand in private ones. */
function standsInPublic(place: string, resources: readonly ResolvedResource[]): boolean {
  const balancer = resources.find(({ Type, logicalId }) => Type.endsWith('::LoadBalancer') && logicalId === place);
  const service = serviceOf(place, resources);
  const subnets = [
    ...listAt(balancer?.Properties, 'Subnets'),
    ...listAt(service?.Properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets'),
  ];
  return subnets.some((subnet) => textOf(subnet).includes(':Public'));
}

function subnetLines(
  kind: 'public' | 'private',
  resources: readonly ResolvedResource[],
  nodes: readonly string[],
): string[] {
  const pattern = kind === 'public' ? /^PublicSubnet[A-Z]$/ : /^PrivateSubnet[A-Z]$/;
  const count = resources.filter(
    ({ Type, logicalId }) => Type === 'AWS::EC2::Subnet' && pattern.test(logicalId),
  ).length;
  if (nodes.length === 0) return [];
  return [`    subgraph ${kind}["${count} ${kind} subnets"]`, ...nodes.map((node) => `      ${node}`), '    end'];
}

function hasNat(resources: readonly ResolvedResource[]): boolean {
  return countOf(resources, 'AWS::EC2::NatGateway') > 0;
}

function countOf(resources: readonly ResolvedResource[], type: string): number {
  return resources.filter(({ Type }) => Type === type).length;
}

function listAt(value: Value | undefined, ...path: readonly string[]): readonly Value[] {
  const found = path.reduce<Value | undefined>((inner, key) => (isValues(inner) ? inner[key] : undefined), value);
  return isList(found) ? found : [];
}

function textAt(value: Value | undefined, key: string): string {
  return isValues(value) ? textOf(value[key] ?? '') : '';
}
