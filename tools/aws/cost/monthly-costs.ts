/** What the resources of the templates cost in a month in which nothing happens. Pure. */
import { count } from '../../../apps/pipeline/src/output/figures';
import { ResolvedResource, ResolvedTemplate, textOf } from '../../cloudformation/resolve-template';
import { isList, isValues, Values } from '../../cloudformation/template';
import { FargateTasks, fargateTasks } from './fargate-tasks';
import { BUILD_MINUTES, INSTANCE_PRICES, perMonth, Price, PRICES, SPOT_SHARE, USAGE_PRICES } from './prices';

export interface CostLine {
  readonly area: string;
  /** Logical id, or what it is where no resource of a template stands for it. */
  readonly resource: string;
  /** What is counted: `2 × 0.25 vCPU, 0.5 GB, ARM, Spot`. */
  readonly what: string;
  /** Undefined when the table has no price for it. */
  readonly usd: number | undefined;
}

/** In the order of the templates. */
export function monthlyCosts(templates: readonly ResolvedTemplate[]): CostLine[] {
  const tasks = fargateTasks(templates);
  return templates.flatMap((template) => {
    const { area } = template.template;
    const lines = Object.values(template.resources).flatMap((resource) => ofResource(resource, area));
    const ofTasks = tasks.filter((task) => task.area === area).flatMap(ofService);
    return [...lines, ...ofTasks, ...(area === 'ml' ? ofEndpoint(template) : [])];
  });
}

/** Lines without a price do not count. */
export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd = 0 }) => sum + usd, 0);
}

interface Counted {
  readonly what: string;
  readonly usd: number;
  /** Shown though it costs nothing while nothing happens: it does when it is used. */
  readonly isPaidByUse?: boolean;
}
type Counter = (properties: Values) => Counted;

const onUse = (what: string): Counted => ({ what, usd: 0, isPaidByUse: true });

const one =
  (price: Price, what: string): Counter =>
  () => ({ what, usd: perMonth(price) });

const COUNTERS: Readonly<Record<string, Counter>> = {
  'AWS::CloudWatch::Alarm': ({ Metrics }) => {
    // An expression over several metrics costs as many alarms.
    const metrics = isList(Metrics)
      ? Metrics.filter((metric) => JSON.stringify(metric).includes('"MetricStat"')).length
      : 1;
    return {
      what: metrics > 1 ? `alarm over ${metrics} metrics` : 'alarm',
      usd: Math.max(1, metrics) * perMonth(PRICES.alarmMetric),
    };
  },
  'AWS::CloudWatch::CompositeAlarm': one(PRICES.compositeAlarm, 'composite alarm'),
  'AWS::CloudWatch::Dashboard': one(PRICES.dashboard, 'dashboard'),
  'AWS::CodeBuild::Project': ({ Environment }) => {
    const { Type = '', ComputeType = '' } = isValues(Environment) ? Environment : {};
    const price = BUILD_MINUTES[`${textOf(Type)} ${textOf(ComputeType)}`];
    return onUse(price === undefined ? 'builds, by the minute' : `builds, ${price.usd} USD a minute`);
  },
  'AWS::CodePipeline::Pipeline': () =>
    onUse(`pipeline, ${USAGE_PRICES.pipelineActions.usd} USD a minute of its actions`),
  'AWS::EC2::EIP': one(PRICES.publicIpv4, 'public IPv4 address'),
  'AWS::EC2::NatGateway': one(PRICES.natGateway, 'NAT gateway'),
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType, SubnetIds }) => {
    const zones = VpcEndpointType === 'Interface' ? lengthOf(SubnetIds) : 0;
    return { what: `interface endpoint in ${count(zones, 'zone')}`, usd: zones * perMonth(PRICES.interfaceEndpoint) };
  },
  'AWS::ECR::Repository': () => onUse(`images, ${USAGE_PRICES.imageStorage.usd} USD a GB`),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ({ Scheme, Subnets }) => {
    const addresses = Scheme === 'internal' ? 0 : lengthOf(Subnets);
    return {
      what: addresses === 0 ? 'load balancer' : `load balancer, ${addresses} public IPv4 addresses`,
      usd: perMonth(PRICES.loadBalancer) + addresses * perMonth(PRICES.publicIpv4),
    };
  },
  'AWS::KMS::Key': one(PRICES.key, 'key'),
  'AWS::SecretsManager::Secret': one(PRICES.secret, 'secret'),
  'AWS::ServiceDiscovery::PrivateDnsNamespace': one(PRICES.hostedZone, 'private DNS zone'),
  'AWS::WAFv2::WebACL': ({ Rules }) => {
    const rules = lengthOf(Rules);
    return {
      what: `web ACL with ${count(rules, 'rule')}`,
      usd: perMonth(PRICES.webAcl) + rules * perMonth(PRICES.webAclRule),
    };
  },
};

function ofResource({ Type, Properties, logicalId }: ResolvedResource, area: string): CostLine[] {
  const counted = COUNTERS[Type]?.(Properties);
  if (counted === undefined || (counted.usd === 0 && counted.isPaidByUse !== true)) return [];
  const { what, usd } = counted;
  return [{ area, resource: logicalId, what, usd }];
}

function lengthOf(list: Values[string] | undefined): number {
  return isList(list) ? list.length : 0;
}

function ofService({ area, service, ...tasks }: FargateTasks): CostLine[] {
  const { count: running, vcpu, memoryGb, isArm, isSpot, hasPublicIp } = tasks;
  const [vcpuPrice, gbPrice] = isArm
    ? [PRICES.fargateVcpuArm, PRICES.fargateGbArm]
    : [PRICES.fargateVcpuX86, PRICES.fargateGbX86];
  const usd = running * (vcpu * perMonth(vcpuPrice) + memoryGb * perMonth(gbPrice)) * (isSpot ? SPOT_SHARE : 1);
  const kind = `${isArm ? 'ARM' : 'x86'}${isSpot ? ', Spot' : ''}`;
  const lines: CostLine[] = [
    { area, resource: service, what: `${count(running, 'task')} of ${vcpu} vCPU, ${memoryGb} GB, ${kind}`, usd },
  ];
  if (!hasPublicIp || running === 0) return lines;
  const addresses = {
    what: count(running, 'public IPv4 address', 'public IPv4 addresses'),
    usd: running * perMonth(PRICES.publicIpv4),
  };
  return [...lines, { area, resource: service, ...addresses }];
}

/** Made by deploy-model and not by a template, from the first approved model on. */
function ofEndpoint({ parameters }: ResolvedTemplate): CostLine[] {
  const endpoint = { area: 'ml', resource: '(endpoint)' };
  if (parameters.EndpointMode === 'serverless')
    return [{ ...endpoint, what: 'serverless: nothing while idle', usd: 0 }];
  const type = textOf(parameters.EndpointInstanceType ?? '');
  const instances = Number(parameters.EndpointMinInstances ?? 1);
  const price = INSTANCE_PRICES[type];
  return [
    {
      ...endpoint,
      what: `${count(instances, 'instance')} of ${type}, once a model is approved`,
      usd: price === undefined ? undefined : instances * perMonth(price),
    },
  ];
}
