// CodePipeline: what its actions are called and configured with, of which cfn-lint knows nothing.
import { faultOf, type Rule } from '../support/rule';
import { at, listAt, resourcesOf, textAt } from '../support/system';

interface ActionKind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const IMAGES = [1, 2, 3, 4].flatMap((index) => [`Image${index}ArtifactName`, `Image${index}ContainerName`]);

/** By category and provider; CodePipeline user guide, "Action structure reference". */
const ACTIONS: Readonly<Record<string, ActionKind>> = {
  'Source CodeCommit': {
    required: ['RepositoryName', 'BranchName'],
    optional: ['PollForSourceChanges', 'OutputArtifactFormat'],
  },
  'Source CodeStarSourceConnection': {
    required: ['ConnectionArn', 'FullRepositoryId', 'BranchName'],
    optional: ['OutputArtifactFormat', 'DetectChanges'],
  },
  'Source S3': {
    required: ['S3Bucket', 'S3ObjectKey'],
    optional: ['PollForSourceChanges', 'AllowOverrideForS3ObjectKey'],
  },
  'Build CodeBuild': {
    required: ['ProjectName'],
    optional: ['PrimarySource', 'BatchEnabled', 'CombineArtifacts', 'EnvironmentVariables'],
  },
  'Test CodeBuild': {
    required: ['ProjectName'],
    optional: ['PrimarySource', 'BatchEnabled', 'CombineArtifacts', 'EnvironmentVariables'],
  },
  'Deploy CodeDeployToECS': {
    required: ['ApplicationName', 'DeploymentGroupName', 'TaskDefinitionTemplateArtifact', 'AppSpecTemplateArtifact'],
    optional: ['TaskDefinitionTemplatePath', 'AppSpecTemplatePath', ...IMAGES],
  },
  'Deploy ECS': { required: ['ClusterName', 'ServiceName'], optional: ['FileName', 'DeploymentTimeout'] },
  'Deploy S3': {
    required: ['BucketName', 'Extract'],
    optional: ['ObjectKey', 'KMSEncryptionKeyARN', 'CannedACL', 'CacheControl'],
  },
  'Approval Manual': { required: [], optional: ['NotificationArn', 'CustomData', 'ExternalEntityLink'] },
  'Invoke Lambda': { required: ['FunctionName'], optional: ['UserParameters'] },
};

export const DELIVERY_RULES = {
  actions: {
    says: 'actions of a delivery pipeline are of a known provider, with the configuration that it takes',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::CodePipeline::Pipeline')) {
        for (const action of listAt(found.Properties, 'Stages').flatMap((stage) => listAt(stage, 'Actions'))) {
          const kind = `${textAt(action, 'ActionTypeId', 'Category')} ${textAt(action, 'ActionTypeId', 'Provider')}`;
          const known = ACTIONS[kind];
          const keys = Object.keys(at(action, 'Configuration') ?? {});
          const name = textAt(action, 'Name');
          if (!known) {
            yield faultOf(found, `has action ${name} of "${kind}", which is not known`);
            continue;
          }
          for (const key of known.required)
            if (!keys.includes(key)) yield faultOf(found, `has action ${name} without ${key}`);
          for (const key of keys) {
            if (![...known.required, ...known.optional].includes(key))
              yield faultOf(found, `has action ${name} with ${key}, which ${kind} does not take`);
          }
        }
      }
    },
  },
} satisfies Record<string, Rule>;
