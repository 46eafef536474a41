/** Holds what is to be made against the quotas of the account: a stack that hits one fails after many minutes. */
import { DescribeAddressesCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { paginateDescribeLoadBalancers } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetServiceQuotaCommand, paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { reasonOf } from '../../../apps/pipeline/src/reason-of';
import { ResolvedTemplate, textOf } from '../../cloudformation/resolve-template';
import { isValues } from '../../cloudformation/template';
import { isMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { fargateNeeds } from '../cost/fargate-tasks';
import { Finding, fault, warning } from './finding';

export interface QuotaNeed {
  /** What it counts, as a person says it: `VPCs`. */
  readonly what: string;
  readonly service: string;
  /** Code of the quota, or its name where codes differ from account to account. */
  readonly quota: { readonly code: string } | { readonly name: string };
  /** How many more there will be. */
  readonly needed: number;
  /** How many there are; undefined where that cannot be counted. */
  readonly used?: (clients: AwsClients) => Promise<number>;
}

const countOf = (type: string, templates: readonly ResolvedTemplate[]) =>
  templates.flatMap(({ resources }) => Object.values(resources)).filter(({ Type }) => Type === type).length;

/** @param created those that have no stack yet; @param all with them, for what runs in their names. */
export function quotaNeeds(created: readonly ResolvedTemplate[], all: readonly ResolvedTemplate[]): QuotaNeed[] {
  const ec2Needs: QuotaNeed[] = [
    ofType('VPCs', 'vpc', 'L-F678F1CE', 'AWS::EC2::VPC', (clients) => countVpcs(clients.ec2)),
    ofType('Elastic IP addresses', 'ec2', 'L-0263D0A3', 'AWS::EC2::EIP', (clients) => countAddresses(clients.ec2)),
    ofType(
      'Application Load Balancers',
      'elasticloadbalancing',
      'L-53DA6B97',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      countLoadBalancers,
    ),
  ];
  const createsServices = countOf('AWS::ECS::Service', created) > 0;
  const { onDemandVcpu, spotVcpu } = createsServices ? fargateNeeds(all) : { onDemandVcpu: 0, spotVcpu: 0 };
  return [
    ...ec2Needs,
    { what: 'Fargate vCPUs', service: 'fargate', quota: { code: 'L-3032A538' }, needed: onDemandVcpu },
    { what: 'Fargate Spot vCPUs', service: 'fargate', quota: { code: 'L-36FBB829' }, needed: spotVcpu },
    ...sageMakerNeeds(all),
  ].filter(({ needed }) => needed > 0);

  function ofType(what: string, service: string, code: string, type: string, used: Required<QuotaNeed>['used']) {
    return { what, service, quota: { code }, used, needed: countOf(type, created) };
  }
}

/** Instances for training and serving: many accounts begin with none. */
function sageMakerNeeds(templates: readonly ResolvedTemplate[]): QuotaNeed[] {
  const ml = templates.find(({ template }) => template.area === 'ml')?.parameters;
  if (ml === undefined) return [];
  const need = (type: unknown, use: string, needed: number): QuotaNeed => ({
    what: `${String(type)} for ${use}`,
    service: 'sagemaker',
    quota: { name: `${String(type)} for ${use}` },
    needed,
  });
  const training = ml.TrainingInstanceType;
  return [
    ...(ml.EndpointMode === 'realtime'
      ? [need(ml.EndpointInstanceType, 'endpoint usage', Number(ml.EndpointMinInstances ?? 1))]
      : []),
    ...(training === undefined
      ? []
      : [need(training, 'training job usage', 1), need(training, 'processing job usage', 1)]),
  ];
}

/** Of one build: more of them wait in a queue. Some accounts begin with none. */
export function buildNeeds(templates: readonly ResolvedTemplate[]): QuotaNeed[] {
  const projects = templates
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ Type }) => Type === 'AWS::CodeBuild::Project');
  const names = projects.map(({ Properties: { Environment } }) => {
    const { Type = '', ComputeType = '' } = isValues(Environment) ? Environment : {};
    const size = textOf(ComputeType).replace('BUILD_GENERAL1_', '');
    const kind = textOf(Type) === 'ARM_CONTAINER' ? 'ARM' : 'Linux';
    return `Concurrently running builds for ${kind}/${SIZES[size] ?? size} environment`;
  });
  return [...new Set(names)].map((name) => ({ what: name, service: 'codebuild', quota: { name }, needed: 1 }));
}

/** As Service Quotas writes them. */
const SIZES: Readonly<Record<string, string>> = {
  SMALL: 'Small',
  MEDIUM: 'Medium',
  LARGE: 'Large',
  XLARGE: 'XLarge',
  '2XLARGE': '2XLarge',
};

export async function checkQuotas(clients: AwsClients, needs: readonly QuotaNeed[]): Promise<Finding[]> {
  try {
    const limits = new Map<string, number>();
    const services = needs.filter(({ quota }) => 'name' in quota).map(({ service }) => service);
    for (const service of new Set(services)) await readQuotas(clients.quotas, service, limits);
    const findings: (Finding | undefined)[] = [];
    for (const need of needs) findings.push(await checkQuota(clients, need, limits));
    return findings.filter((finding) => finding !== undefined);
  } catch (error) {
    return [
      warning(
        `Service quotas could not be checked (${reasonOf(error)}). One that is too small shows as a failed stack.`,
      ),
    ];
  }
}

async function checkQuota(
  clients: AwsClients,
  need: QuotaNeed,
  byName: ReadonlyMap<string, number>,
): Promise<Finding | undefined> {
  const { what, service, quota, needed } = need;
  const limit = 'name' in quota ? byName.get(quota.name) : await quotaValue(clients.quotas, service, quota.code);
  if (limit === undefined) return undefined;
  const used = (await need.used?.(clients)) ?? 0;
  if (used + needed <= limit) return undefined;
  const code = 'code' in quota ? ` --quota-code ${quota.code}` : ` (look for "${quota.name}")`;
  return fault(
    `The account may have ${limit} ${what}${need.used === undefined ? '' : ` and has ${used}`}; ${needed} more ${needed === 1 ? 'is' : 'are'} needed.\n` +
      `Ask for more: Service Quotas in the console, or aws service-quotas request-service-quota-increase --service-code ${service}${code}` +
      ` --desired-value ${used + needed}`,
  );
}

async function quotaValue(client: ServiceQuotasClient, service: string, code: string): Promise<number | undefined> {
  try {
    const answer = await client.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
    return answer.Quota?.Value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readQuotas(client: ServiceQuotasClient, ServiceCode: string, limits: Map<string, number>) {
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode })) {
    for (const { QuotaName = '', Value = 0 } of Quotas) limits.set(QuotaName, Value);
  }
}

async function countVpcs(client: EC2Client): Promise<number> {
  return (await client.send(new DescribeVpcsCommand({}))).Vpcs?.length ?? 0;
}

async function countAddresses(client: EC2Client): Promise<number> {
  return (await client.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
}

async function countLoadBalancers({ loadBalancing }: AwsClients): Promise<number> {
  let found = 0;
  for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: loadBalancing }, {})) {
    found += LoadBalancers.filter(({ Type }) => Type === 'application').length;
  }
  return found;
}
