// What each role needs: from the calls of the code that runs under it, from what those calls make AWS do in its name, and from what the
// service that assumes the role does before and beside our code.
import { PRODUCT_ROOT } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../../tools/cloudformation/template';
import { sdkCallsOf } from './sdk-calls';
import { listAt, textAt } from './system';

/** Actions whose names or number are not those of the call. Service Authorization Reference; S3 user guide, "Required permissions for S3 API operations". */
const ACTIONS_OF_CALLS: Readonly<Record<string, readonly string[]>> = {
  's3:HeadObject': ['s3:GetObject'],
  's3:CopyObject': ['s3:GetObject', 's3:PutObject'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  'sagemaker-runtime:InvokeEndpoint': ['sagemaker:InvokeEndpoint'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'elastic-load-balancing-v2:DescribeTargetHealth': ['elasticloadbalancing:DescribeTargetHealth'],
};

/** All buckets are encrypted with our key: S3 user guide, "Using server-side encryption with AWS KMS keys". */
const KEY_OF_S3: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey', 'kms:Decrypt'],
};

export interface RoleNeeds {
  /** Programs that run under it. */
  readonly entries?: readonly string[];
  /** What comes beside the calls of the code, each with its reason. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
}

const ECR_PULL = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:GetAuthorizationToken',
];
/** SageMaker developer guide, "SageMaker AI Roles". The containers themselves call nothing. */
const SAGEMAKER_CONTAINER = {
  'the service pulls the image': ECR_PULL,
  'the service writes the log of the container': [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
  ],
  'the service writes metrics of the container': ['cloudwatch:PutMetricData'],
};
const LAMBDA_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Lambda developer guide, "Execution role" and "Using Lambda with Amazon SQS". */
const LAMBDA_OF_A_QUEUE = {
  'Lambda writes the log': LAMBDA_LOG,
  'Lambda takes from the queue': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
};
/** Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC". */
const LAMBDA_IN_THE_VPC = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
/** S3 answers 403 in place of 404 for an object that is not there to those who may not list. */
const KNOW_WHAT_IS_MISSING = { 'an object may not be there yet': ['s3:ListBucket'] };

/** CodePipeline user guide, "Manage the CodePipeline service role"; and "Create a pipeline that uses resources from another account": of roles of actions. */
const READ_ARTIFACTS = {
  'the store of artifacts is looked at before it is used': [
    's3:GetBucketAcl',
    's3:GetBucketLocation',
    's3:GetBucketVersioning',
  ],
  'artifacts are fetched, and are encrypted with our key': [
    's3:GetObject',
    's3:GetObjectVersion',
    'kms:Decrypt',
    'kms:DescribeKey',
  ],
};
const EXCHANGE_ARTIFACTS = {
  ...READ_ARTIFACTS,
  'artifacts are stored': ['s3:PutObject', 'kms:Encrypt', 'kms:GenerateDataKey'],
};
const REGISTER_TASK_DEFINITIONS = ['ecs:RegisterTaskDefinition', 'iam:PassRole'];

export const ROLES: Readonly<Record<string, RoleNeeds>> = {
  'network FlowLogRole': {
    beside: {
      'VPC user guide, "IAM role for publishing flow logs": the group is made by the stack': [
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
    },
  },
  'build BuildRole': {
    entries: ['tools/delivery/main.ts'],
    beside: {
      'CodeBuild user guide, "Allow CodeBuild to interact with other AWS services": the log, and sources and artifacts of both projects':
        [
          'logs:CreateLogStream',
          'logs:PutLogEvents',
          's3:GetObject',
          's3:GetObjectVersion',
          's3:PutObject',
          's3:GetBucketAcl',
          's3:GetBucketLocation',
        ],
      'CodeBuild user guide, "Encrypt build outputs using a customer managed key"': [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
      ],
      'docker pulls and pushes images and layers: Amazon ECR user guide, "IAM permissions for pushing an image"': [
        ...ECR_PULL,
        'ecr:CompleteLayerUpload',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      ...KNOW_WHAT_IS_MISSING,
    },
  },
  'services ExecutionRole': {
    beside: {
      'ECS developer guide, "Task execution IAM role"': [...ECR_PULL, 'logs:CreateLogStream', 'logs:PutLogEvents'],
      'the key of feedback tokens': ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
    },
  },
  'services WebTaskRole': { entries: ['apps/web/src/main.ts'], beside: {} },
  'services WasTaskRole': { entries: ['apps/was/src/main.ts'], beside: KNOW_WHAT_IS_MISSING },
  'services MonitorTaskRole': { entries: ['apps/monitor/src/main.ts'], beside: KNOW_WHAT_IS_MISSING },
  'services DeploymentRole': {
    beside: {
      'CodeDeploy user guide, AWSCodeDeployRoleForECS': [
        'ecs:CreateTaskSet',
        'ecs:DeleteTaskSet',
        'ecs:DescribeServices',
        'ecs:UpdateServicePrimaryTaskSet',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:ModifyListener',
        'elasticloadbalancing:ModifyRule',
        'cloudwatch:DescribeAlarms',
        'lambda:InvokeFunction',
        'iam:PassRole',
      ],
    },
  },
  'delivery PipelineRole': { beside: { ...EXCHANGE_ARTIFACTS, 'actions have roles of their own': ['sts:AssumeRole'] } },
  'delivery SourceRole': {
    beside: {
      ...EXCHANGE_ARTIFACTS,
      'CodePipeline user guide, "Amazon S3 source action reference"': [
        's3:GetObject',
        's3:GetObjectTagging',
        's3:GetObjectVersion',
        's3:GetObjectVersionTagging',
      ],
      'CodePipeline user guide, "CodeCommit source action reference"': [
        'codecommit:CancelUploadArchive',
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:GetRepository',
        'codecommit:GetUploadArchiveStatus',
        'codecommit:UploadArchive',
      ],
      'CodePipeline user guide, "Add CodePipeline permissions for connections"': [
        'codeconnections:UseConnection',
        'codestar-connections:UseConnection',
      ],
    },
  },
  'delivery StartBuildRole': {
    beside: {
      'CodePipeline user guide, "AWS CodeBuild build and test action reference"': [
        'codebuild:BatchGetBuilds',
        'codebuild:StartBuild',
      ],
      'a run that is stopped ends its build': ['codebuild:StopBuild'],
    },
  },
  'delivery RolloutRole': {
    beside: {
      ...READ_ARTIFACTS,
      'CodePipeline user guide, "Amazon ECS and CodeDeploy blue-green deploy action reference"': [
        'codedeploy:CreateDeployment',
        'codedeploy:GetApplication',
        'codedeploy:GetApplicationRevision',
        'codedeploy:GetDeployment',
        'codedeploy:GetDeploymentConfig',
        'codedeploy:RegisterApplicationRevision',
      ],
      'a rollout is a new task definition': REGISTER_TASK_DEFINITIONS,
    },
  },
  'delivery MonitorRolloutRole': {
    beside: {
      ...READ_ARTIFACTS,
      'CodePipeline user guide, "Amazon ECS deploy action reference"': [
        'ecs:DescribeServices',
        'ecs:DescribeTaskDefinition',
        'ecs:TagResource',
        'ecs:UpdateService',
      ],
      'earlier editions of it, and CDK: the action watches the tasks': ['ecs:DescribeTasks', 'ecs:ListTasks'],
      'a rollout is a new task definition': REGISTER_TASK_DEFINITIONS,
    },
  },
  'delivery StartPipelineRole': {
    beside: { 'EventBridge user guide, "Targets"': ['codepipeline:StartPipelineExecution'] },
  },
  'services VerifyDeploymentRole': {
    entries: ['apps/functions/src/verify-deployment/handler.ts'],
    beside: { 'Lambda writes the log': LAMBDA_LOG },
  },
  'services ProbeTargetsRole': {
    entries: ['apps/functions/src/probe-targets/handler.ts'],
    beside: { 'Lambda writes the log': LAMBDA_LOG, 'Lambda gives it a place in the VPC': LAMBDA_IN_THE_VPC },
  },
  'ml DeployModelRole': {
    entries: ['apps/functions/src/deploy-model/handler.ts'],
    beside: {
      ...LAMBDA_OF_A_QUEUE,
      'a copy takes tags along': ['s3:GetObjectTagging', 's3:PutObjectTagging'],
      'a model has a role': ['iam:PassRole'],
      'SageMaker developer guide, "Auto scaling prerequisites": what autoscaling does in the name of who sets it': [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:PutMetricAlarm',
        'iam:CreateServiceLinkedRole',
        'sagemaker:UpdateEndpointWeightsAndCapacities',
      ],
      'a deployment names alarms': ['cloudwatch:DescribeAlarms'],
      'volumes of instances are encrypted': ['kms:CreateGrant', 'kms:DescribeKey'],
    },
  },
  'ml StartTrainingRole': { entries: ['apps/functions/src/start-training/handler.ts'], beside: LAMBDA_OF_A_QUEUE },
  'ml PipelineRole': {
    beside: {
      'the steps of the definition': actionsOfPipeline(),
      'jobs have a role': ['iam:PassRole'],
      'SageMaker tags jobs and versions with the pipeline': ['sagemaker:AddTags'],
      'conditions read the evaluation, and the service reads the definition': ['s3:GetObject', 'kms:Decrypt'],
    },
  },
  'ml JobRole': {
    beside: {
      ...SAGEMAKER_CONTAINER,
      'the service brings inputs and takes results away': [
        's3:ListBucket',
        's3:GetObject',
        's3:PutObject',
        'kms:Decrypt',
        'kms:GenerateDataKey',
      ],
    },
  },
  'ml EndpointRole': {
    beside: {
      ...SAGEMAKER_CONTAINER,
      'the service brings the model': ['s3:ListBucket', 's3:GetObject', 'kms:Decrypt'],
    },
  },
};

/** Actions of the calls that the code makes, with those of the key; of the role's other needs as they are stated. */
export function neededBy({ entries = [], beside }: RoleNeeds): string[] {
  const calls = entries.flatMap((entry) => sdkCallsOf(entry));
  const actions = calls
    .map((call) => call.replace('application-auto-scaling:', 'application-autoscaling:'))
    .flatMap((call) => ACTIONS_OF_CALLS[call] ?? [call]);
  const keys = actions.flatMap((action) => KEY_OF_S3[action] ?? []);
  return [...new Set([...actions, ...keys, ...Object.values(beside).flat()])].sort();
}

function actionsOfPipeline(): string[] {
  const text = readFileSync(join(PRODUCT_ROOT, 'apps', 'pipeline', 'pipeline-definition.json'), 'utf8');
  const job = (kind: string) => ['Create', 'Describe', 'Stop'].map((verb) => `sagemaker:${verb}${kind}`);
  const byType: Readonly<Record<string, readonly string[]>> = {
    Training: job('TrainingJob'),
    Processing: job('ProcessingJob'),
    RegisterModel: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
    Condition: [],
    Fail: [],
  };
  const walk = (steps: readonly Value[]): string[] =>
    steps.flatMap((step) => {
      const type = textAt(step, 'Type');
      const own = byType[type] ?? [`sagemaker:a-step-of-type-${type}`];
      return [...own, ...walk(listAt(step, 'Arguments', 'IfSteps')), ...walk(listAt(step, 'Arguments', 'ElseSteps'))];
    });
  return [...new Set(walk(listAt(JSON.parse(text) as Value, 'Steps')))];
}
