// Turns a template into what moto can make. It skips types that it does not know, and then breaks on whatever refers to them: they are
// taken out here, and references to them become texts that show where they come from.
import { textOf } from '../../tools/cloudformation/resolve-template';
import { isList, isValues, parseTemplate, Template, Value, Values } from '../../tools/cloudformation/template';

/** Types that moto 5.2 does not make. A test of ours compares what is made with the templates less these. */
export const NOT_IN_MOTO: readonly string[] = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CodeBuild::Project',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentConfig',
  'AWS::CodeDeploy::DeploymentGroup',
  'AWS::CodePipeline::Pipeline',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SageMaker::ModelPackageGroup',
  'AWS::SageMaker::Pipeline',
  'AWS::SecretsManager::Secret',
  'AWS::ServiceDiscovery::PrivateDnsNamespace',
  'AWS::ServiceDiscovery::Service',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACL',
  'AWS::WAFv2::WebACLAssociation',
];

/** As JSON, which is YAML too. */
export function templateForMoto(text: string): string {
  const template = parseTemplate(text, 'template.yaml');
  const isMade = (id: string) => !NOT_IN_MOTO.includes(template.resources[id]?.Type ?? '');
  const kept = Object.entries(template.resources).filter(([id]) => isMade(id));
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: template.description,
    Parameters: template.parameters,
    ...(Object.keys(template.mappings).length > 0 ? { Mappings: template.mappings } : {}),
    Conditions: template.conditions,
    Resources: Object.fromEntries(
      kept.map(([id, { DependsOn, Properties, ...resource }]) => [
        id,
        { ...resource, DependsOn: DependsOn.filter(isMade), Properties: withStubs(Properties, template) },
      ]),
    ),
    Outputs: withStubs(template.outputs as unknown as Values, template), // outputs are values, with a narrower type
  });
}

function withStubs(value: Value, template: Template): Value {
  if (isList(value)) return value.map((item) => withStubs(item, template));
  if (!isValues(value)) return value;
  const [key, argument] = Object.entries(value)[0] ?? [];
  if (key === 'Ref' && isMissing(textOf(argument ?? ''), template)) return stub(textOf(argument ?? ''), template);
  if (key === 'Fn::GetAtt' && isList(argument) && isMissing(textOf(argument[0] ?? ''), template)) {
    return stub(textOf(argument[0] ?? ''), template);
  }
  if (key === 'Fn::Sub') {
    const [text, ...variables] = isList(argument) ? argument : [argument ?? ''];
    const rewritten = textOf(text ?? '').replaceAll(/\$\{([A-Za-z0-9]+)(\.[A-Za-z0-9.]+)?\}/g, (whole, id: string) =>
      isMissing(id, template) ? stub(id, template) : whole,
    );
    return {
      'Fn::Sub':
        variables.length === 0 ? rewritten : [rewritten, ...variables.map((each) => withStubs(each, template))],
    };
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withStubs(member, template)]));
}

function isMissing(id: string, { resources }: Template): boolean {
  return NOT_IN_MOTO.includes(resources[id]?.Type ?? '');
}

export function stub(id: string, { resources }: Template): string {
  const service = resources[id]?.Type.split('::')[1]?.toLowerCase() ?? '';
  return `arn:aws:${service}:us-east-1:123456789012:not-in-moto/${id}`;
}
