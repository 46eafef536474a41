// Statements of all policies in the templates: what roles may do, who may become them, and what queues, topics, buckets and keys allow.
import type { TemplatePath, Value } from '../../../tools/cloudformation/template';
import { at, listAt, resourcesOf, textAt, type Found, type System, type Variant } from './system';

export interface Statement {
  readonly resource: Found;
  /** Of its document in the template, for lines and comments. */
  readonly path: TemplatePath;
  readonly kind: 'identity' | 'trust' | 'resource';
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly services: readonly string[];
  readonly value: Value;
}

/** Where policies are: below `Properties`, by type. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::EC2::VPCEndpoint': 'PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::Logs::ResourcePolicy': 'PolicyDocument',
  'AWS::SecretsManager::ResourcePolicy': 'ResourcePolicy',
};

export function* statementsOf(from: System | Variant): Generator<Statement> {
  for (const resource of resourcesOf(from)) yield* statementsOfResource(resource);
}

export function* statementsOfResource(resource: Found): Generator<Statement> {
  const { Properties } = resource;
  if (resource.Type === 'AWS::IAM::Role') {
    yield* ofDocument(resource, 'trust', ['AssumeRolePolicyDocument']);
    for (const index of listAt(Properties, 'Policies').keys()) {
      yield* ofDocument(resource, 'identity', ['Policies', index, 'PolicyDocument']);
    }
  }
  if (resource.Type === 'AWS::IAM::Policy' || resource.Type === 'AWS::IAM::ManagedPolicy') {
    yield* ofDocument(resource, 'identity', ['PolicyDocument']);
  }
  const place = RESOURCE_POLICIES[resource.Type];
  if (place !== undefined) yield* ofDocument(resource, 'resource', [place]);
}

function* ofDocument(resource: Found, kind: Statement['kind'], place: TemplatePath): Generator<Statement> {
  for (const [index, value] of listAt(resource.Properties, ...place, 'Statement').entries()) {
    const principal = at(value, 'Principal');
    yield {
      resource,
      path: ['Resources', resource.logicalId, 'Properties', ...place, 'Statement', index],
      kind,
      effect: textAt(value, 'Effect'),
      actions: listAt(value, 'Action').map(String),
      resources: listAt(value, 'Resource').map(String),
      principals: typeof principal === 'string' ? [principal] : listAt(principal, 'AWS').map(String),
      services: typeof principal === 'string' ? [] : listAt(principal, 'Service').map(String),
      value,
    };
  }
}

/** The keys of a statement's conditions, whatever their operator: `['aws:SourceAccount']`. */
export function conditionKeysOf({ value }: Statement): string[] {
  const condition = at(value, 'Condition');
  if (typeof condition !== 'object' || condition === null) return [];
  return Object.values(condition as Record<string, object>).flatMap((keys) => Object.keys(keys));
}
