// What an emulator does not create is held against the API of its service: the call that CloudFormation would make, by botocore's own
// description of it. Names of members, kinds of values and what is required, at any depth; values of enums are cfn-lint's business.
import { spawnSync } from 'node:child_process';
import { isValues, type Value, type Values } from '../../../tools/cloudformation/template';
import { at, listAt, referred, type Found } from './system';

export interface ApiCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Values;
}

type Translator = (found: Found) => ApiCall | readonly ApiCall[];

const call =
  (service: string, operation: string, more: (found: Found) => Values = () => ({})): Translator =>
  (found) => ({ service, operation, input: withoutTags({ ...found.Properties, ...more(found) }) });

/** CloudFormation takes tags as lists everywhere; APIs differ. */
function withoutTags({ Tags: _, ...rest }: Values): Values {
  return rest;
}

const json = (value: Value | undefined) => JSON.stringify(value ?? null);

/** By type of resource. */
export const CALLS: Readonly<Record<string, Translator>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': call('application-autoscaling', 'RegisterScalableTarget'),
  'AWS::ApplicationAutoScaling::ScalingPolicy': (found) => {
    const { ScalingTargetId, ...policy } = found.Properties;
    const target = referred(found.stack.variant, ScalingTargetId)?.Properties ?? {};
    const { ServiceNamespace = 'ecs', ResourceId = '', ScalableDimension = '' } = target;
    const input = { ServiceNamespace, ResourceId, ScalableDimension, ...policy };
    return { service: 'application-autoscaling', operation: 'PutScalingPolicy', input };
  },
  'AWS::Budgets::Budget': call('budgets', 'CreateBudget', ({ logicalId, Properties: { Budget } }) => ({
    AccountId: '123456789012',
    Budget: { BudgetName: logicalId, ...(isValues(Budget) ? Budget : {}) },
  })),
  'AWS::CloudWatch::Alarm': call('cloudwatch', 'PutMetricAlarm', named('AlarmName')),
  'AWS::CloudWatch::CompositeAlarm': call('cloudwatch', 'PutCompositeAlarm', named('AlarmName')),
  'AWS::CloudWatch::Dashboard': call('cloudwatch', 'PutDashboard', named('DashboardName')),
  'AWS::CodeBuild::Project': call('codebuild', 'CreateProject', named('name')),
  'AWS::CodeDeploy::Application': call('codedeploy', 'CreateApplication', named('applicationName')),
  'AWS::CodeDeploy::DeploymentConfig': call('codedeploy', 'CreateDeploymentConfig', named('deploymentConfigName')),
  'AWS::CodeDeploy::DeploymentGroup': call('codedeploy', 'CreateDeploymentGroup', named('deploymentGroupName')),
  'AWS::CodePipeline::Pipeline': ({ Properties: { RestartExecutionOnUpdate: _, ...pipeline } }) => ({
    service: 'codepipeline',
    operation: 'CreatePipeline',
    input: { pipeline: withoutTags(pipeline) },
  }),
  'AWS::EC2::SecurityGroupEgress': ({ Properties }) => {
    const { GroupId = '', IpProtocol = '', FromPort = 0, ToPort = 0, Description = '', ...to } = Properties;
    const permission = {
      IpProtocol,
      FromPort,
      ToPort,
      ...(to.CidrIp !== undefined && { IpRanges: [{ CidrIp: to.CidrIp, Description }] }),
      ...(to.DestinationSecurityGroupId !== undefined && {
        UserIdGroupPairs: [{ GroupId: to.DestinationSecurityGroupId, Description }],
      }),
      ...(to.DestinationPrefixListId !== undefined && {
        PrefixListIds: [{ PrefixListId: to.DestinationPrefixListId, Description }],
      }),
    };
    return {
      service: 'ec2',
      operation: 'AuthorizeSecurityGroupEgress',
      input: { GroupId, IpPermissions: [permission] },
    };
  },
  'AWS::ECS::Service': call('ecs', 'CreateService', named('serviceName')),
  'AWS::ECS::TaskDefinition': call('ecs', 'RegisterTaskDefinition'),
  'AWS::Events::Rule': ({ logicalId, Properties: { Targets = [], EventPattern, ...rule } }) => [
    {
      service: 'events',
      operation: 'PutRule',
      input: { Name: logicalId, ...rule, ...(EventPattern !== undefined && { EventPattern: json(EventPattern) }) },
    },
    { service: 'events', operation: 'PutTargets', input: { Rule: logicalId, Targets } },
  ],
  'AWS::KMS::Alias': call('kms', 'CreateAlias'),
  'AWS::Lambda::EventSourceMapping': call('lambda', 'CreateEventSourceMapping'),
  'AWS::Logs::MetricFilter': call('logs', 'PutMetricFilter', named('filterName')),
  'AWS::Route53::RecordSet': ({ Properties: { HostedZoneId = '', ...record } }) => ({
    service: 'route53',
    operation: 'ChangeResourceRecordSets',
    input: {
      HostedZoneId,
      ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: withEvaluation(record) }] },
    },
  }),
  'AWS::S3::BucketPolicy': ({ Properties }) => ({
    service: 's3',
    operation: 'PutBucketPolicy',
    input: { Bucket: at(Properties, 'Bucket') ?? '', Policy: json(Properties.PolicyDocument) },
  }),
  'AWS::SageMaker::ModelPackageGroup': call('sagemaker', 'CreateModelPackageGroup'),
  'AWS::SageMaker::Pipeline': ({ Properties: { PipelineDefinition, ...rest } }) => {
    const place = at(PipelineDefinition, 'PipelineDefinitionS3Location');
    const { Key: ObjectKey = '', ...bucket } = isValues(place) ? place : {};
    const input = {
      ...rest,
      PipelineDefinitionS3Location: { ...bucket, ObjectKey },
      ClientRequestToken: 'a'.repeat(32),
    };
    return { service: 'sagemaker', operation: 'CreatePipeline', input };
  },
  'AWS::SecretsManager::Secret': ({ logicalId, Properties: { GenerateSecretString = {}, ...secret } }) => [
    { service: 'secretsmanager', operation: 'CreateSecret', input: { Name: logicalId, ...withoutTags(secret) } },
    { service: 'secretsmanager', operation: 'GetRandomPassword', input: GenerateSecretString as Values },
  ],
  'AWS::ServiceDiscovery::PrivateDnsNamespace': call('servicediscovery', 'CreatePrivateDnsNamespace'),
  'AWS::ServiceDiscovery::Service': call('servicediscovery', 'CreateService'),
  'AWS::SNS::Subscription': call('sns', 'Subscribe'),
  'AWS::SNS::TopicPolicy': ({ Properties }) =>
    listAt(Properties, 'Topics').map((TopicArn) => ({
      service: 'sns',
      operation: 'SetTopicAttributes',
      input: { TopicArn, AttributeName: 'Policy', AttributeValue: json(Properties.PolicyDocument) },
    })),
  'AWS::SQS::QueuePolicy': ({ Properties }) =>
    listAt(Properties, 'Queues').map((QueueUrl) => ({
      service: 'sqs',
      operation: 'SetQueueAttributes',
      input: { QueueUrl, Attributes: { Policy: json(Properties.PolicyDocument) } },
    })),
  'AWS::WAFv2::WebACL': call('wafv2', 'CreateWebACL', named('Name')),
  'AWS::WAFv2::WebACLAssociation': call('wafv2', 'AssociateWebACL'),
};

/** A name that CloudFormation makes up when the template has none. */
function named(member: string): (found: Found) => Values {
  return ({ logicalId, Properties }) => {
    const given = Object.keys(Properties).some((key) => key.toLowerCase() === member.toLowerCase());
    return given ? {} : { [member]: logicalId };
  };
}

/** The API asks for it; CloudFormation takes false when it is not said. */
function withEvaluation(record: Values): Values {
  const alias = record.AliasTarget;
  return isValues(alias) ? { ...record, AliasTarget: { EvaluateTargetHealth: false, ...alias } } : record;
}

/**
 * Reads calls and writes what is wrong with each, or nothing. CloudFormation takes texts for numbers and numbers for texts, and begins
 * names with capital letters, so both are made fit first; a name that fits none stays as it is, for botocore to refuse.
 */
const VALIDATOR = `
import json, sys
import botocore.session
from botocore.validate import ParamValidator
session = botocore.session.get_session()
models = {}
def fit(shape, value):
    kind = shape.type_name
    if kind == 'structure' and isinstance(value, dict):
        names = {name.lower(): name for name in shape.members}
        fitted = {}
        for key, inner in value.items():
            name = key if key in shape.members else names.get(key.lower(), key)
            fitted[name] = fit(shape.members[name], inner) if name in shape.members else inner
        return fitted
    if kind == 'list' and isinstance(value, list):
        return [fit(shape.member, inner) for inner in value]
    if kind == 'map' and isinstance(value, dict):
        return {key: fit(shape.value, inner) for key, inner in value.items()}
    if kind in ('integer', 'long') and isinstance(value, str) and value.lstrip('-').isdigit():
        return int(value)
    if kind in ('float', 'double') and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if kind == 'boolean' and value in ('true', 'false'):
        return value == 'true'
    if kind == 'string' and isinstance(value, bool):
        return str(value).lower()
    if kind == 'string' and isinstance(value, (int, float)):
        return str(value)
    return value
reports = []
for call in json.load(sys.stdin):
    service = call['service']
    if service not in models:
        models[service] = session.get_service_model(service)
    shape = models[service].operation_model(call['operation']).input_shape
    reports.append(ParamValidator().validate(fit(shape, call['input']), shape).generate_report())
json.dump(reports, sys.stdout)
`;

export const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;

/** A report for each call, in order; empty where nothing is wrong. */
export function reportsOf(calls: readonly ApiCall[]): string[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', VALIDATOR], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`botocore could not be asked: ${stderr}`);
  return JSON.parse(stdout) as string[];
}

export function callsOf(found: Found): readonly ApiCall[] {
  const made = CALLS[found.Type]?.(found) ?? [];
  return 'service' in made ? [made] : made;
}

/** For messages. */
export function nameOf(found: Found, { operation }: ApiCall): string {
  return `${found.stack.template.file} ${found.logicalId} ${operation}`;
}
