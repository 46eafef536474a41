// CloudFormation's names, as a person reads them. Pure.

/** `AWS::ElasticLoadBalancingV2::TargetGroup` -> `load balancing target group` */
export function typeInWords(type: string): string {
  const [, service = '', name = ''] = type.split('::');
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}s?$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return `${SERVICES[service] ?? service} ${words}`;
}

/** `AWS::EC2::Subnet` -> `EC2` */
export function serviceInWords(type: string): string {
  const [, service = type] = type.split('::');
  return SERVICES[service] ?? service;
}

/** Where AWS's name says nothing to those who do not know it. */
const SERVICES: Readonly<Record<string, string>> = {
  ApplicationAutoScaling: 'Auto Scaling',
  ElasticLoadBalancingV2: 'ELB',
  Logs: 'CloudWatch Logs',
  SecretsManager: 'Secrets Manager',
  ServiceDiscovery: 'Cloud Map',
  Events: 'EventBridge',
  WAFv2: 'WAF',
};

const STATUS_WORDS: Readonly<Record<string, string>> = {
  CREATE: 'created',
  UPDATE: 'changed',
  DELETE: 'removed',
  ROLLBACK: 'taken back',
  UPDATE_ROLLBACK: 'changed back',
  IMPORT: 'imported',
};

/** `CREATE_COMPLETE` -> `created`, `UPDATE_FAILED` -> `failed`, `DELETE_SKIPPED` -> `kept` */
export function statusInWords(status: string): string {
  if (status.endsWith('_FAILED')) return 'failed';
  if (status === 'DELETE_SKIPPED') return 'kept';
  return STATUS_WORDS[status.replace(/_(COMPLETE.*|IN_PROGRESS)$/, '')] ?? status;
}
