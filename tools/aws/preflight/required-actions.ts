/**
 * Which actions whoever deploys needs for each type of resource: to make it and to take it away. CloudFormation acts in the name of
 * the caller. Source: the `handlers` of the resource schemas in the CloudFormation registry; the first of each that cannot be done without.
 */
import { ResolvedTemplate } from '../../cloudformation/resolve-template';

const ACTIONS_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    'application-autoscaling:RegisterScalableTarget',
    'application-autoscaling:DeregisterScalableTarget',
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    'application-autoscaling:PutScalingPolicy',
    'application-autoscaling:DeleteScalingPolicy',
  ],
  'AWS::Budgets::Budget': ['budgets:ModifyBudget'],
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
  'AWS::CloudWatch::CompositeAlarm': ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DeleteAlarms'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
  'AWS::CodeBuild::Project': ['codebuild:CreateProject', 'codebuild:DeleteProject'],
  'AWS::CodeDeploy::Application': ['codedeploy:CreateApplication', 'codedeploy:DeleteApplication'],
  'AWS::CodeDeploy::DeploymentConfig': ['codedeploy:CreateDeploymentConfig', 'codedeploy:DeleteDeploymentConfig'],
  'AWS::CodeDeploy::DeploymentGroup': ['codedeploy:CreateDeploymentGroup', 'codedeploy:DeleteDeploymentGroup'],
  'AWS::CodePipeline::Pipeline': ['codepipeline:CreatePipeline', 'codepipeline:DeletePipeline'],
  'AWS::EC2::EIP': ['ec2:AllocateAddress', 'ec2:ReleaseAddress'],
  'AWS::EC2::FlowLog': ['ec2:CreateFlowLogs', 'ec2:DeleteFlowLogs'],
  'AWS::EC2::InternetGateway': ['ec2:CreateInternetGateway', 'ec2:DeleteInternetGateway'],
  'AWS::EC2::NatGateway': ['ec2:CreateNatGateway', 'ec2:DeleteNatGateway'],
  'AWS::EC2::Route': ['ec2:CreateRoute', 'ec2:DeleteRoute'],
  'AWS::EC2::RouteTable': ['ec2:CreateRouteTable', 'ec2:DeleteRouteTable'],
  'AWS::EC2::SecurityGroup': ['ec2:CreateSecurityGroup', 'ec2:DeleteSecurityGroup'],
  'AWS::EC2::SecurityGroupEgress': ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
  'AWS::EC2::SecurityGroupIngress': ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
  'AWS::EC2::Subnet': ['ec2:CreateSubnet', 'ec2:DeleteSubnet'],
  'AWS::EC2::SubnetRouteTableAssociation': ['ec2:AssociateRouteTable', 'ec2:DisassociateRouteTable'],
  'AWS::EC2::VPC': ['ec2:CreateVpc', 'ec2:ModifyVpcAttribute', 'ec2:DeleteVpc'],
  'AWS::EC2::VPCEndpoint': ['ec2:CreateVpcEndpoint', 'ec2:DeleteVpcEndpoints'],
  'AWS::EC2::VPCGatewayAttachment': ['ec2:AttachInternetGateway', 'ec2:DetachInternetGateway'],
  'AWS::ECR::Repository': ['ecr:CreateRepository', 'ecr:DeleteRepository'],
  'AWS::ECS::Cluster': ['ecs:CreateCluster', 'ecs:DeleteCluster'],
  'AWS::ECS::ClusterCapacityProviderAssociations': ['ecs:PutClusterCapacityProviders'],
  'AWS::ECS::Service': ['ecs:CreateService', 'ecs:UpdateService', 'ecs:DeleteService'],
  'AWS::ECS::TaskDefinition': ['ecs:RegisterTaskDefinition', 'ecs:DeregisterTaskDefinition'],
  'AWS::ElasticLoadBalancingV2::Listener': [
    'elasticloadbalancing:CreateListener',
    'elasticloadbalancing:DeleteListener',
  ],
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': ['elasticloadbalancing:AddListenerCertificates'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['elasticloadbalancing:CreateRule', 'elasticloadbalancing:DeleteRule'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'elasticloadbalancing:CreateLoadBalancer',
    'elasticloadbalancing:ModifyLoadBalancerAttributes',
    'elasticloadbalancing:DeleteLoadBalancer',
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'elasticloadbalancing:CreateTargetGroup',
    'elasticloadbalancing:DeleteTargetGroup',
  ],
  'AWS::Events::Rule': ['events:PutRule', 'events:PutTargets', 'events:DeleteRule'],
  'AWS::IAM::ManagedPolicy': ['iam:CreatePolicy', 'iam:DeletePolicy'],
  'AWS::IAM::Policy': ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PassRole', 'iam:DeleteRole'],
  'AWS::KMS::Alias': ['kms:CreateAlias', 'kms:DeleteAlias'],
  'AWS::KMS::Key': ['kms:CreateKey', 'kms:EnableKeyRotation', 'kms:ScheduleKeyDeletion'],
  'AWS::Lambda::EventSourceMapping': ['lambda:CreateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
  'AWS::Lambda::Function': [
    'lambda:CreateFunction',
    'lambda:DeleteFunction',
    // one of them has a place in the VPC, which Lambda looks up in the name of whoever makes it
    ...['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
  ],
  'AWS::Lambda::Permission': ['lambda:AddPermission', 'lambda:RemovePermission'],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteLogGroup'],
  'AWS::Logs::MetricFilter': ['logs:PutMetricFilter', 'logs:DeleteMetricFilter'],
  'AWS::Route53::RecordSet': ['route53:ChangeResourceRecordSets'],
  'AWS::S3::Bucket': ['s3:CreateBucket', 's3:PutEncryptionConfiguration', 's3:DeleteBucket'],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  'AWS::SNS::Subscription': ['sns:Subscribe', 'sns:Unsubscribe'],
  'AWS::SNS::Topic': ['sns:CreateTopic', 'sns:DeleteTopic'],
  'AWS::SNS::TopicPolicy': ['sns:SetTopicAttributes'],
  'AWS::SQS::Queue': ['sqs:CreateQueue', 'sqs:DeleteQueue'],
  'AWS::SQS::QueuePolicy': ['sqs:SetQueueAttributes'],
  'AWS::SSM::Parameter': ['ssm:PutParameter', 'ssm:GetParameters', 'ssm:DeleteParameter'],
  'AWS::SageMaker::ModelPackageGroup': ['sagemaker:CreateModelPackageGroup', 'sagemaker:DeleteModelPackageGroup'],
  'AWS::SageMaker::Pipeline': ['sagemaker:CreatePipeline', 'sagemaker:DeletePipeline'],
  'AWS::SecretsManager::Secret': ['secretsmanager:CreateSecret', 'secretsmanager:DeleteSecret'],
  'AWS::ServiceDiscovery::PrivateDnsNamespace': [
    'servicediscovery:CreatePrivateDnsNamespace',
    'servicediscovery:DeleteNamespace',
  ],
  'AWS::ServiceDiscovery::Service': ['servicediscovery:CreateService', 'servicediscovery:DeleteService'],
  'AWS::WAFv2::LoggingConfiguration': ['wafv2:PutLoggingConfiguration'],
  'AWS::WAFv2::WebACL': ['wafv2:CreateWebACL', 'wafv2:DeleteWebACL'],
  'AWS::WAFv2::WebACLAssociation': ['wafv2:AssociateWebACL', 'wafv2:DisassociateWebACL'],
};

/** What the commands call themselves. */
const OWN_ACTIONS: readonly string[] = [
  ...['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet', 'ListChangeSets'].map(ofStacks),
  ...[
    'DescribeStacks',
    'DescribeStackEvents',
    'ListStackResources',
    'GetTemplate',
    'SetStackPolicy',
    'UpdateTerminationProtection',
    'DeleteStack',
  ].map(ofStacks),
  ...['ssm:GetParametersByPath', 's3:PutObject', 's3:GetObject', 'ecr:DescribeImages'],
  ...['elasticloadbalancing:DescribeListeners', 'codedeploy:ListDeployments'],
  ...['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject', 'logs:GetLogEvents'],
  ...['codebuild:StopBuild', 'codepipeline:ListPipelineExecutions', 'codepipeline:StopPipelineExecution'],
  ...['ec2:DescribeNetworkInterfaces', 'ecs:ListTaskDefinitions'],
];

function ofStacks(action: string): string {
  return `cloudformation:${action}`;
}

export function knowsActionsOf(type: string): boolean {
  return Object.hasOwn(ACTIONS_BY_TYPE, type);
}

/** Each once, in alphabetical order. */
export function requiredActions(templates: readonly ResolvedTemplate[]): string[] {
  const types = templates.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type));
  const actions = [...new Set(types)].flatMap((type) => ACTIONS_BY_TYPE[type] ?? []);
  return [...new Set([...OWN_ACTIONS, ...actions])].sort();
}
