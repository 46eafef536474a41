// Each rule sees what it is for: one thing of the real templates is broken, and exactly the rules named turn red.
import type { Value } from '../../tools/cloudformation/template';
import { RULES } from './rules';
import { changed, changedStage } from './support/change';
import { faultsOf } from './support/rule';
import { loadSystem, systemOf, type System } from './support/system';

const system = loadSystem();

const before = new Map([...RULES].map(([name, rule]) => [name, faultsOf(rule, system)]));

/** The rules that find a fault which the system as it is has not. */
function redRules(broken: System): string[] {
  return [...RULES]
    .filter(([name, rule]) => faultsOf(rule, broken).some((fault) => before.get(name)?.includes(fault) !== true))
    .map(([name]) => name);
}

/** Below `Resources`, or from the template's top when it begins with `/`. */
function pathOf(place: string): (string | number)[] {
  const [id = '', ...rest] = place
    .split('.')
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('|', '.')));
  if (typeof id === 'string' && id.startsWith('/')) return [id.slice(1), ...rest];
  const own = ['DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Type', 'Condition'].includes(String(rest[0]));
  return ['resources', id, ...(own || rest.length === 0 ? [] : ['Properties']), ...rest];
}

const CONTAINER = 'WasTaskDefinition.ContainerDefinitions.0';
const PAIR = 'WebDeploymentGroup.LoadBalancerInfo.TargetGroupPairInfoList.0';
const SOURCE = 'Pipeline.Stages.0.Actions.0.Fn::If';
const BUILD = 'Pipeline.Stages.1.Actions.0';
const ROLLOUT = 'Pipeline.Stages.2.Actions.1';
const CHECK = 'Pipeline.Stages.2.BeforeEntry.Conditions.0.Rules.0';
const GONE = undefined;
const allow = (members: Record<string, Value>): Value => ({ Effect: 'Allow', ...members });

type Mutation = readonly [rules: string, area: string, place: string, value: Value | undefined];

const MUTATIONS: Mutation[] = [
  ['services.targetType', 'platform', 'WebBlueTargetGroup.TargetType', 'instance'],
  [
    'rollouts.twoTargetGroups, services.knownTargetGroup',
    'services',
    'WebService.LoadBalancers.0.TargetGroupArn',
    'arn',
  ],
  ['services.container', 'services', 'WebService.LoadBalancers.0.ContainerName', 'web'],
  ['services.container', 'platform', 'WebBlueTargetGroup.Port', 80],
  ['services.knownTaskDefinition', 'services', 'WebService.DependsOn', []],
  ['services.familyName', 'services', 'WebService.TaskDefinition', { Ref: 'WebTaskDefinition' }],
  ['rollouts.prober, services.network', 'services', 'WebService.NetworkConfiguration', GONE],
  ['services.launchType', 'services', 'WebService.LaunchType', 'FARGATE'],
  [
    'services.codeDeploy',
    'services',
    'WebService.DeploymentConfiguration',
    { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
  ],
  ['rollouts.prober, rollouts.twoTargetGroups, services.codeDeploy', 'services', 'WebService.LoadBalancers', GONE],
  [
    'services.circuitBreaker',
    'services',
    'MonitorService.DeploymentConfiguration.DeploymentCircuitBreaker.Rollback',
    false,
  ],
  ['services.secrets', 'services', 'WasTaskDefinition.ExecutionRoleArn', GONE],
  ['services.confined', 'services', `${CONTAINER}.ReadonlyRootFilesystem`, false],
  ['services.confined', 'services', `${CONTAINER}.User`, GONE],
  ['services.confined', 'services', `${CONTAINER}.Environment.+`, { Name: 'WAS_FEEDBACK_KEY', Value: 'A'.repeat(64) }],
  ['services.logs', 'services', `${CONTAINER}.LogConfiguration.Options.awslogs-group`, 'was'],
  ['services.image', 'services', `${CONTAINER}.Image`, 'was:latest'],
  ['services.grpc', 'platform', 'WasBlueTargetGroup.ProtocolVersion', 'GRPC'],
  ['services.capacity', 'services', 'WasTasks.MinCapacity', 200],

  ['apps.family', 'services', 'MonitorTaskDefinition.Family', 'watcher'],
  ['apps.settings', 'services', `${CONTAINER}.Environment.+`, { Name: 'WAS_COLOUR', Value: 'blue' }],
  ['apps.settings', 'services', `${CONTAINER}.Environment.1`, { Name: 'WAS_MAX_CONCURRENT', Value: 'many' }],
  ['apps.settings', 'services', `${CONTAINER}.Secrets`, GONE],
  ['apps.functionSettings', 'ml', 'DeployModelFunction.Environment.Variables.DEPLOY_SERVERLESS_MEMORY_MB', 512],
  ['apps.functionSettings', 'ml', 'DeployModelFunction.Environment.Variables.DEPLOY_BUCKET', GONE],
  ['apps.functionSettings', 'ml', 'DeployModelFunction.Environment.Variables.DEPLOY_NOTHING', 'x'],
  ['apps.functionSettings', 'services', 'VerifyDeploymentFunction.Environment.Variables.VERIFY_CLUSTER', GONE],
  ['apps.ports', 'services', 'MonitorTaskDefinition.ContainerDefinitions.0.PortMappings', [{ ContainerPort: 8083 }]],
  ['apps.healthPath', 'platform', 'WebBlueTargetGroup.HealthCheckPath', '/healthz'],
  [
    'apps.healthPath',
    'services',
    `${CONTAINER}.HealthCheck.Command`,
    ['CMD', 'fetch', 'http://127.0.0.1:81/health/live'],
  ],
  ['apps.stopping', 'services', `${CONTAINER}.StopTimeout`, 5],
  ['apps.deregistration', 'platform', 'WebBlueTargetGroup.TargetGroupAttributes', GONE],
  ['endings.idleConnections', 'platform', 'PublicLoadBalancer.LoadBalancerAttributes.1.Value', '120'],
  ['endings.idleConnections', 'platform', 'InternalLoadBalancer.LoadBalancerAttributes.1.Value', '45'],
  ['endings.noticed', 'platform', 'WebBlueTargetGroup.HealthCheckIntervalSeconds', 10],
  ['endings.noticed', 'platform', 'WasGreenTargetGroup.UnhealthyThresholdCount', 3],
  ['endings.lastAnswers', 'services', `${CONTAINER}.Environment.+`, { Name: 'WAS_DEADLINE_MS', Value: '25000' }],
  ['apps.discovery', 'services', 'MonitorDiscovery.Name', 'watcher'],

  ['rollouts.twoTargetGroups, rollouts.routes, rollouts.bothColours', 'services', `${PAIR}.TargetGroups.1`, GONE],
  ['rollouts.twoTargetGroups', 'services', `${PAIR}.TargetGroups.0.Name`, { Ref: 'WebBlueTargetGroupArn' }],
  ['rollouts.style', 'services', 'WebDeploymentGroup.DeploymentStyle', GONE],
  ['rollouts.routes', 'services', `${PAIR}.ProdTrafficRoute`, GONE],
  ['rollouts.routes', 'services', `${PAIR}.ProdTrafficRoute.ListenerArns.0`, { Ref: 'WasProductionListenerArn' }],
  [
    'rollouts.configuration',
    'services',
    'WebDeploymentGroup.DeploymentConfigName',
    'CodeDeployDefault.ECSCanary20Percent5Minutes',
  ],
  ['rollouts.rollback', 'services', 'WebDeploymentGroup.AutoRollbackConfiguration.Events', ['DEPLOYMENT_FAILURE']],
  ['rollouts.bothColours, rollouts.rollback', 'services', 'WebDeploymentGroup.AlarmConfiguration', GONE],
  ['rollouts.bothColours', 'services', 'WebDeploymentGroup.AlarmConfiguration.Alarms.5', GONE],
  [
    'rollouts.termination',
    'services',
    'WebDeploymentGroup.BlueGreenDeploymentConfiguration.TerminateBlueInstancesOnDeploymentSuccess.TerminationWaitTimeInMinutes',
    60,
  ],
  ['rollouts.check', 'services', 'VerifyDeploymentFunction.FunctionName', 'CodeDeployHook_image-classifier'],
  ['rollouts.check', 'services', 'VerifyDeploymentFunction.Timeout', 300],
  ['rollouts.check', 'services', 'VerifyDeploymentFunction.VpcConfig', { Ref: 'ProbeTargetsFunction' }],
  ['rollouts.prober', 'services', 'ProbeTargetsFunction.VpcConfig', GONE],
  ['rollouts.prober', 'services', 'ProbeTargetsFunction.VpcConfig.SecurityGroupIds.0', { Ref: 'WebSecurityGroupId' }],
  ['network.bothEnds, rollouts.prober', 'network', 'FunctionToWasEgress', GONE],
  ['rollouts.prober', 'services', 'ProbeTargetsRole.Policies.0.PolicyDocument.Statement.1.Condition', GONE],

  [
    'access.principals',
    'services',
    'WebTaskRole.AssumeRolePolicyDocument.Statement.0.Principal.Service',
    'ecs-task.amazonaws.com',
  ],
  ['access.source', 'services', 'WebTaskRole.AssumeRolePolicyDocument.Statement.0.Condition', GONE],
  [
    'access.arns',
    'services',
    'WasTaskRole.Policies.0.PolicyDocument.Statement.0.Resource',
    'arn:aws:sagemaker:endpoint/a',
  ],
  ['access.wildcards', 'services', 'WasTaskRole.Policies.0.PolicyDocument.Statement.0.Action', 'sagemaker:*'],
  [
    'access.everybody',
    'storage',
    'DataBucketPolicy.PolicyDocument.Statement.1',
    allow({ Principal: '*', Action: 's3:GetObject', Resource: '*' }),
  ],
  ['access.passRole', 'ml', 'PipelineRole.Policies.0.PolicyDocument.Statement.4.Condition', GONE],
  ['access.managed', 'services', 'WebTaskRole.ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonS3FullAccess']],

  ['storage.buckets', 'storage', 'FeedbackBucket.PublicAccessBlockConfiguration.BlockPublicPolicy', false],
  ['storage.buckets', 'storage', 'FeedbackBucket.BucketEncryption', GONE],
  ['storage.buckets', 'storage', 'FeedbackBucketPolicy', GONE],
  ['storage.lifecycle', 'storage', 'LogsBucket.LifecycleConfiguration', GONE],
  ['storage.keys', 'storage', 'Key.EnableKeyRotation', false],
  ['storage.retention', 'services', 'WebLogGroup.RetentionInDays', GONE],
  ['storage.retention', 'ml', 'DeployModelFunction.LoggingConfig', GONE],
  ['storage.policies', 'storage', 'FeedbackBucket.UpdateReplacePolicy', GONE],
  ['storage.policies', 'storage', 'FeedbackBucket.DeletionPolicy', 'Delete'],
  ['storage.repositories', 'storage', 'WebRepository.LifecyclePolicy.LifecyclePolicyText', '{"rules":['],
  ['storage.repositories', 'storage', 'WebRepository.ImageTagMutability', 'MUTABLE'],
  ['storage.repositories', 'storage', 'CacheRepository.ImageTagMutability', 'IMMUTABLE'],
  ['storage.queues', 'ml', 'DeployModelQueue.RedrivePolicy', GONE],

  ['builds.buildspec, builds.privileged', 'build', 'PipelineProject.Source.BuildSpec', 'buildspec.yaml'],
  ['builds.privileged', 'build', 'PipelineProject.Environment.PrivilegedMode', GONE],
  ['builds.machine', 'build', 'PipelineProject.Environment.Image', 'aws/codebuild/amazonlinux2-x86_64-standard:5.0'],
  ['builds.machine', 'build', 'PipelineProject.Environment.Type', 'LINUX_CONTAINER'],
  [
    'builds.machine, builds.variables',
    'build',
    'PipelineProject.Environment.EnvironmentVariables.10',
    { Name: 'SERVICE_PLATFORM', Value: 'linux/amd64' },
  ],
  ['builds.logs', 'build', 'PipelineProject.LogsConfig', GONE],
  ['storage.retention', 'build', 'LogGroup.RetentionInDays', GONE],
  ['builds.encrypted', 'build', 'PipelineProject.EncryptionKey', GONE],
  ['builds.timeout', 'build', 'PipelineProject.TimeoutInMinutes', GONE],
  ['builds.trust', 'build', 'BootstrapProject.Name', 'bootstrap'],
  [
    'builds.trust',
    'build',
    'BuildRole.AssumeRolePolicyDocument.Statement.0.Condition.ArnEquals.aws:SourceArn.0',
    'arn:aws:codebuild:us-east-1:123456789012:project/*',
  ],
  ['access.source, builds.trust', 'build', 'BuildRole.AssumeRolePolicyDocument.Statement.0.Condition', GONE],
  ['builds.artifacts', 'build', 'PipelineProject.Artifacts.Type', 'NO_ARTIFACTS'],
  ['builds.artifacts', 'build', 'BootstrapProject.Source.Location', 'somewhere/source.zip'],
  [
    'builds.secrets, builds.variables',
    'build',
    'PipelineProject.Environment.EnvironmentVariables.+',
    { Name: 'NPM_TOKEN', Value: 'a' },
  ],
  ['builds.variables', 'build', 'PipelineProject.Environment.EnvironmentVariables.8', GONE],
  ['builds.base', 'build', '/parameters.NodeImage.Default', 'public.ecr.aws/docker/library/node:22-bookworm-slim'],

  ['network.everybody', 'platform', 'VisitorsIngress.ToPort', 443],
  ['network.endpoints', 'network', 'SecretsManagerEndpoint', GONE],
  ['network.endpoints', 'network', 'LogsEndpoint.ServiceName', 'com.amazonaws.us-east-1.codedeploy'],
  ['network.everybody, network.testListener', 'platform', 'VisitorsIngress.ToPort', 8080],
  ['network.bothEnds, network.testListener', 'network', 'WebToInternalLoadBalancerIngress.ToPort', 8080],
  ['network.egress', 'network', 'WebSecurityGroup.SecurityGroupEgress', GONE],
  ['network.bothEnds', 'network', 'WasToMonitorIngress.FromPort', 8081],
  ['network.groups', 'platform', 'InternalLoadBalancer.SecurityGroups.0', 'sg-1'],
  ['network.tls', 'platform', 'WebProductionListener.SslPolicy', 'ELBSecurityPolicy-2016-08'],

  ['learning.instanceTypes', 'ml', '/parameters.TrainingInstanceType.Default', 'ml.m99.large'],
  ['learning.serverless', 'ml', '/parameters.ServerlessMemoryMb.AllowedValues', [512, 1024, 3072]],
  ['learning.serverless', 'ml', '/parameters.ServerlessMaxConcurrency.MaxValue', 500],
  ['learning.names', 'ml', 'Pipeline.PipelineName', 'image_classifier'],
  ['learning.definition', 'ml', 'Pipeline.PipelineDefinition', GONE],
  ['learning.eventPatterns', 'ml', 'DeployModelRegistryRule.EventPattern.detail.ModelApproval', ['Approved']],
  [
    'learning.eventPatterns',
    'ml',
    'DeployModelRegistryRule.EventPattern.detail-type',
    ['SageMaker Model Package Change'],
  ],
  ['learning.eventPatterns', 'ml', 'DeployModelRegistryRule.EventPattern.detailtype', ['x']],
  ['learning.eventPatterns', 'observability', 'DeliveryFailureRule.EventPattern.detail.$or.0.provider', ['ECS']],
  ['learning.targets', 'ml', 'NewDatasetRule.Targets.0.DeadLetterConfig', GONE],
  ['learning.functions', 'ml', 'DeployModelQueue.VisibilityTimeout', 30],

  ['metrics.knownMetrics', 'observability', 'WebBusyAlarm.MetricName', 'CpuUtilization'],
  ['metrics.knownMetrics', 'observability', 'WebBusyAlarm.Dimensions', [{ Name: 'Service', Value: 'web' }]],
  ['metrics.ownMetrics', 'observability', 'DriftAlarm.MetricName', 'Drift'],
  ['metrics.missingData', 'observability', 'DriftAlarm.TreatMissingData', GONE],
  ['metrics.bothColours', 'observability', 'WebSlowAlarm.Metrics.2', GONE],
  [
    'metrics.dashboard',
    'observability',
    'Board',
    { Type: 'AWS::CloudWatch::Dashboard', DependsOn: [], Properties: { DashboardBody: '{"widgets":[' } },
  ],

  ['handover.unread', 'network', 'VpcCidrParameter.Name', '/image-classifier/demo/network/addresses'],
  ['handover.twice', 'network', 'VpcCidrParameter.Name', '/image-classifier/demo/network/vpc-id'],
  ['handover.described', 'network', '/parameters.VpcCidr.Description', GONE],
  ['handover.grouped', 'network', '/metadata', { 'AWS::CloudFormation::Interface': {} }],
  ['handover.oneMeaning', 'services', '/parameters.LogRetentionDays.Default', 60],
  ['handover.conditions', 'platform', '/conditions.WebIsGreen', { 'Fn::Equals': ['1', '2'] }],

  ['delivery.mode', 'delivery', 'Pipeline.ExecutionMode', 'SUPERSEDED'],
  ['delivery.mode', 'delivery', 'Pipeline.PipelineType', GONE],
  ['delivery.mode', 'delivery', 'Pipeline.ArtifactStore.EncryptionKey', GONE],
  ['delivery.actions', 'delivery', `${ROLLOUT}.ActionTypeId.Owner`, 'Custom'],
  ['delivery.actions', 'delivery', `${ROLLOUT}.Configuration.DeploymentGroup`, 'was'],
  ['delivery.actions', 'delivery', `${ROLLOUT}.Configuration.AppSpecTemplateArtifact`, GONE],
  ['delivery.actions', 'delivery', 'Pipeline.Stages.4.Actions.1.Configuration.DeploymentTimeout', 15],
  ['delivery.actions, delivery.artifacts', 'delivery', `${ROLLOUT}.OutputArtifacts`, [{ Name: 'was' }]],
  ['delivery.artifacts', 'delivery', `${ROLLOUT}.Configuration.Image1ArtifactName`, 'web'],
  ['delivery.artifacts, delivery.buildspec', 'delivery', `${BUILD}.InputArtifacts.0.Name`, 'sources'],
  ['delivery.buildspec', 'delivery', `${BUILD}.OutputArtifacts.+`, { Name: 'model' }],
  ['delivery.buildspec, delivery.artifacts', 'delivery', `${BUILD}.OutputArtifacts.1.Name`, 'Was'],
  ['delivery.variables', 'delivery', `${BUILD}.Namespace`, 'Build'],
  ['delivery.variables', 'delivery', `${ROLLOUT}.Configuration.TaskDefinitionTemplatePath`, '#{BuildVariables.TASK}'],
  [
    'delivery.skipping, delivery.variables',
    'delivery',
    `${CHECK}.Configuration.Variable`,
    '#{BuildVariables.WEB_CHANGED}',
  ],
  ['delivery.skipping', 'delivery', `${CHECK}.Configuration.Operator`, 'EQ'],
  ['delivery.skipping', 'delivery', 'Pipeline.Stages.2.BeforeEntry.Conditions.0.Result', 'FAIL'],
  ['delivery.skipping, delivery.variables', 'delivery', 'Pipeline.Stages.2.BeforeEntry', GONE],
  ['delivery.conditions, delivery.skipping', 'delivery', `${CHECK}.Configuration.Operator`, 'EQUALS'],
  ['delivery.conditions', 'delivery', `${CHECK}.RuleTypeId.Provider`, 'CloudWatchAlarm'],
  ['delivery.order', 'delivery', 'Pipeline.Stages.2.Actions.0.Fn::If.1.RunOrder', 2],
  ['delivery.failing', 'delivery', 'Pipeline.Stages.2.OnFailure', { Result: 'ROLLBACK' }],
  ['delivery.images', 'delivery', `${ROLLOUT}.Configuration.Image1ContainerName`, '<IMAGE1_NAME>'],
  ['delivery.polling', 'delivery', `${SOURCE}.1.Configuration.PollForSourceChanges`, GONE],
  ['delivery.polling', 'delivery', `${SOURCE}.2.Fn::If.2.Configuration.DetectChanges`, 'false'],
  ['delivery.starting', 'delivery', `${SOURCE}.1.Configuration.S3ObjectKey`, 'source.zip'],
  ['delivery.starting', 'delivery', 'SourceCommittedRule.EventPattern.detail.referenceName', ['trunk']],
  ['delivery.starting', 'delivery', 'SourceUploadedRule.Targets.0.InputTransformer', GONE],
  ['delivery.starting, learning.targets', 'delivery', 'SourceUploadedRule.Targets', []],
  ['delivery.announced', 'storage', 'BuildBucket.NotificationConfiguration', GONE],
  ['delivery.announced, storage.buckets', 'storage', 'BuildBucket.VersioningConfiguration', GONE],
  ['delivery.targets', 'delivery', `${ROLLOUT}.Configuration.DeploymentGroupName`, { Ref: 'WebDeploymentGroup' }],
  ['delivery.targets', 'delivery', 'Pipeline.Stages.4.Actions.1.Configuration.ClusterName', 'default'],
  ['builds.artifacts, delivery.targets', 'build', 'PipelineProject.Source.Type', 'S3'],
  ['delivery.roles', 'delivery', 'AssumeRolesOfActions.PolicyDocument.Statement.0.Resource.2', GONE],
  [
    'delivery.roles',
    'delivery',
    'RolloutRole.AssumeRolePolicyDocument.Statement.0.Principal.AWS',
    'arn:aws:iam::123456789012:role/other',
  ],
  ['delivery.roles', 'delivery', `${ROLLOUT}.RoleArn`, GONE],
  ['delivery.roles', 'delivery', `${ROLLOUT}.RoleArn`, { 'Fn::GetAtt': ['SourceRole', 'Arn'] }],
  [
    'delivery.starters',
    'delivery',
    'StartPipelineRole.Policies.0.PolicyDocument.Statement.0.Resource',
    'arn:aws:codepipeline:us-east-1:123456789012:other',
  ],
];

describe('a template in which one thing is wrong', () => {
  it.each(MUTATIONS)('turns %s red: %s, %s = %j', (rules, area, place, value) => {
    expect(
      redRules(changed(system, area, pathOf(place), value))
        .toSorted()
        .join(', '),
    ).toBe(rules.split(', ').toSorted().join(', '));
  });

  it.each([
    [{ Waff: true }, 'Waff is no parameter of any template'],
    [{ NatMode: 'some' }, 'NatMode of 00-network.yaml is one of'],
    [{ Stage: 'live' }, 'Stage is live'],
  ])('turns handover.stages red when a stage says %j', (values, words) => {
    const rule = RULES.get('handover.stages');

    expect(rule && faultsOf(rule, changedStage(system, 'demo', values)).join()).toContain(words);
  });

  it('turns services.capacity red when a stage has less at most than at least', () => {
    expect(redRules(changedStage(system, 'demo', { WasMinTasks: 5 }))).toEqual(['services.capacity']);
  });

  it.each([
    ['reads', 'storage', '/image-classifier/demo/network/vpc-id', 'String', 'which a later stack writes'],
    ['reads', 'services', '/image-classifier/demo/network/vpc', 'String', 'which no stack writes'],
    ['reads', 'services', '/image-classifier/demo/network/public-subnet-ids', 'String', 'and it is a StringList'],
    ['reads', 'services', 'vpc-id', 'String', 'a Default that does not begin with'],
  ])('turns handover.%s red when %s reads %s as %s', (name, area, Default, type, words) => {
    const ahead = area === 'storage' ? { ...system, templates: system.templates.toReversed() } : system;
    const parameter = { Type: `AWS::SSM::Parameter::Value<${type}>`, Default, Description: 'x' };
    const broken = changed(ahead, area, ['parameters', 'Extra'], parameter);

    expect(faultsOf(RULES.get(`handover.${name}`) ?? never(), broken).join()).toContain(words);
  });

  it.each([
    ['firstTwo', 'network', ['parameters', 'Stage'], undefined, 'does not begin with Project and Stage'],
    ['defaults', 'storage', ['parameters', 'OldVersionDays', 'Default'], 'x', 'is a number; not "x" (its default)'],
    ['defaults', 'storage', ['parameters', 'OldVersionDays', 'Default'], undefined, 'OldVersionDays has no default'],
  ] as const)('turns handover.%s red when %s has at %j %j', (name, area, path, value, words) => {
    const templates = system.templates.map((template) => {
      if (template.area !== area) return template;
      const parameters = structuredClone(template.parameters) as unknown as Record<string, Record<string, unknown>>;
      const [, parameter, member] = path;
      if (member === undefined) Reflect.deleteProperty(parameters, parameter);
      else if (value === undefined) Reflect.deleteProperty(parameters[parameter] ?? {}, member);
      else Object.assign(parameters[parameter] ?? {}, { [member]: value });
      return { ...template, parameters } as unknown as typeof template;
    });

    expect(faultsOf(RULES.get(`handover.${name}`) ?? never(), { ...system, templates }).join()).toContain(words);
  });

  it('turns delivery.order red when web goes first', () => {
    const delivery = system.templates.find(({ area }) => area === 'delivery');
    const [source, build, was, web, ...rest] = delivery?.resources.Pipeline?.Properties.Stages as Value[];
    const stages = [source, build, web, was, ...rest] as Value[];

    expect(redRules(changed(system, 'delivery', pathOf('Pipeline.Stages'), stages))).toEqual(['delivery.order']);
  });

  it('is tried for every rule', () => {
    const tried = new Set([
      ...MUTATIONS.flatMap(([rules]) => rules.split(', ')),
      'handover.stages',
      'handover.reads',
      'handover.firstTwo',
      'handover.defaults',
    ]);

    expect([...RULES.keys()].filter((name) => !tried.has(name))).toEqual([]);
  });

  it('is a copy: the system itself is as it was', () => {
    expect(redRules(systemOf(system.templates, system.stages))).toEqual([]);
  });
});

function never(): never {
  throw new Error('there is no such rule');
}
