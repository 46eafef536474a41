/**
 * What AWS asks for what costs money while nothing happens. The only place that holds a price. On demand, without free
 * tiers, discounts, taxes. Update: compare with the pages named, then change `date`.
 */

export interface Price {
  readonly usd: number;
  readonly per: 'hour' | 'month';
  readonly source: string;
  /** Read in the source, not remembered, on the date of the table. */
  readonly isRead: boolean;
}

export const PRICE_TABLE = { date: '2026-11-23', region: 'us-east-1', currency: 'USD' } as const;

/** AWS's calculator counts a month as so many hours. */
export const HOURS_PER_MONTH = 730;

const AWS = 'https://aws.amazon.com';
const FARGATE = 'https://www.vantage.sh/blog/fargate-pricing';
const NETWORK = 'https://cloudburn.io/blog/aws-nat-gateway-pricing';

const hourly = (usd: number, source: string, isRead = false): Price => ({ usd, per: 'hour', source, isRead });
const monthly = (usd: number, source: string, isRead = false): Price => ({ usd, per: 'month', source, isRead });

export const PRICES = {
  natGateway: hourly(0.045, NETWORK, true),
  publicIpv4: hourly(0.005, NETWORK, true),
  /** For each endpoint in each availability zone. */
  interfaceEndpoint: hourly(0.01, `${AWS}/privatelink/pricing/`),
  loadBalancer: hourly(0.0225, `${AWS}/elasticloadbalancing/pricing/`),
  fargateVcpuX86: hourly(0.04048, FARGATE, true),
  fargateGbX86: hourly(0.004445, FARGATE, true),
  fargateVcpuArm: hourly(0.03238, FARGATE, true),
  fargateGbArm: hourly(0.00356, FARGATE, true),
  webAcl: monthly(5, `${AWS}/waf/pricing/`),
  webAclRule: monthly(1, `${AWS}/waf/pricing/`),
  key: monthly(1, `${AWS}/kms/pricing/`),
  secret: monthly(0.4, `${AWS}/secrets-manager/pricing/`),
  alarmMetric: monthly(0.1, `${AWS}/cloudwatch/pricing/`),
  compositeAlarm: monthly(0.5, `${AWS}/cloudwatch/pricing/`),
  dashboard: monthly(3, `${AWS}/cloudwatch/pricing/`),
  hostedZone: monthly(0.5, `${AWS}/route53/pricing/`),
} as const satisfies Readonly<Record<string, Price>>;

/** What is paid for as it is used, and costs nothing while nothing happens. */
export interface UsagePrice {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
  readonly isRead: boolean;
}

const BUILDS = 'https://kindatechnical.com/aws-codebuild/understanding-codebuild-pricing.html';
const BUILD_PRICES = `${AWS}/codebuild/pricing/`;

const minutely = (usd: number, source: string, isRead = false): UsagePrice => ({ usd, per: 'minute', source, isRead });

/** Machines of CodeBuild, by type of environment and of machine. */
export const BUILD_MINUTES: Readonly<Record<string, UsagePrice>> = {
  'LINUX_CONTAINER BUILD_GENERAL1_SMALL': minutely(0.005, BUILDS, true),
  'LINUX_CONTAINER BUILD_GENERAL1_MEDIUM': minutely(0.01, BUILDS, true),
  'LINUX_CONTAINER BUILD_GENERAL1_LARGE': minutely(0.02, BUILDS, true),
  'ARM_CONTAINER BUILD_GENERAL1_SMALL': minutely(0.0034, BUILD_PRICES),
  'ARM_CONTAINER BUILD_GENERAL1_MEDIUM': minutely(0.0068, BUILD_PRICES),
  'ARM_CONTAINER BUILD_GENERAL1_LARGE': minutely(0.015, BUILD_PRICES),
};

export const USAGE_PRICES = {
  /** Of a pipeline of type V2; approvals are free. */
  pipelineActions: minutely(0.002, `${AWS}/codepipeline/pricing/`, true),
  imageStorage: { usd: 0.1, per: 'GB and month', source: `${AWS}/ecr/pricing/`, isRead: false },
} as const satisfies Readonly<Record<string, UsagePrice>>;

/** Fargate Spot moves with supply; AWS says "up to 70 %" less. */
export const SPOT_SHARE = 0.3;

const HOSTING = `${AWS}/sagemaker/pricing/`;

/** SageMaker instances that serve. */
export const INSTANCE_PRICES: Readonly<Record<string, Price>> = {
  'ml.t2.medium': hourly(0.056, HOSTING),
  'ml.t2.large': hourly(0.111, HOSTING),
  'ml.m5.large': hourly(0.115, HOSTING),
  'ml.m5.xlarge': hourly(0.23, HOSTING),
  'ml.m5.2xlarge': hourly(0.461, HOSTING),
  'ml.c5.large': hourly(0.102, HOSTING),
  'ml.c5.xlarge': hourly(0.204, HOSTING),
  'ml.c5.2xlarge': hourly(0.408, HOSTING),
  'ml.c6i.large': hourly(0.102, HOSTING),
  'ml.c6i.xlarge': hourly(0.204, HOSTING),
};

export function perMonth({ usd, per }: Price): number {
  return per === 'hour' ? usd * HOURS_PER_MONTH : usd;
}
