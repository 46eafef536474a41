// CodePipeline: how it runs, and what its actions are called and configured with, of which cfn-lint knows nothing.
import { actionsOf, pipelines } from '../support/pipelines';
import { faultOf, type Rule } from '../support/rule';
import { at, textAt } from '../support/system';

interface ActionKind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Fewest and most input artifacts, fewest and most output artifacts. */
  readonly artifacts: readonly [number, number, number, number];
}

const IMAGES = [1, 2, 3, 4].flatMap((index) => [`Image${index}ArtifactName`, `Image${index}ContainerName`]);

/** By category and provider; CodePipeline user guide, "Action structure reference". */
const ACTIONS: Readonly<Record<string, ActionKind>> = {
  'Source CodeCommit': {
    required: ['RepositoryName', 'BranchName'],
    optional: ['PollForSourceChanges', 'OutputArtifactFormat'],
    artifacts: [0, 0, 1, 1],
  },
  'Source CodeStarSourceConnection': {
    required: ['ConnectionArn', 'FullRepositoryId', 'BranchName'],
    optional: ['OutputArtifactFormat', 'DetectChanges'],
    artifacts: [0, 0, 1, 1],
  },
  'Source S3': {
    required: ['S3Bucket', 'S3ObjectKey'],
    optional: ['PollForSourceChanges', 'AllowOverrideForS3ObjectKey'],
    artifacts: [0, 0, 1, 1],
  },
  'Build CodeBuild': {
    required: ['ProjectName'],
    optional: ['PrimarySource', 'BatchEnabled', 'CombineArtifacts', 'EnvironmentVariables'],
    artifacts: [1, 5, 0, 5],
  },
  'Test CodeBuild': {
    required: ['ProjectName'],
    optional: ['PrimarySource', 'BatchEnabled', 'CombineArtifacts', 'EnvironmentVariables'],
    artifacts: [1, 5, 0, 5],
  },
  'Deploy CodeDeployToECS': {
    required: ['ApplicationName', 'DeploymentGroupName', 'TaskDefinitionTemplateArtifact', 'AppSpecTemplateArtifact'],
    optional: ['TaskDefinitionTemplatePath', 'AppSpecTemplatePath', ...IMAGES],
    artifacts: [1, 5, 0, 0],
  },
  'Deploy ECS': {
    required: ['ClusterName', 'ServiceName'],
    optional: ['FileName', 'DeploymentTimeout'],
    artifacts: [1, 1, 0, 0],
  },
  'Deploy S3': {
    required: ['BucketName', 'Extract'],
    optional: ['ObjectKey', 'KMSEncryptionKeyARN', 'CannedACL', 'CacheControl'],
    artifacts: [1, 1, 0, 0],
  },
  'Approval Manual': {
    required: [],
    optional: ['NotificationArn', 'CustomData', 'ExternalEntityLink'],
    artifacts: [0, 0, 0, 0],
  },
  'Invoke Lambda': { required: ['FunctionName'], optional: ['UserParameters'], artifacts: [0, 5, 0, 5] },
};

export const DELIVERY_RULES = {
  mode: {
    says: 'a pipeline is of the second kind, takes its runs one after the other, and encrypts artifacts with our key',
    *faults(system) {
      for (const found of pipelines(system)) {
        const { PipelineType, ExecutionMode, ArtifactStore } = found.Properties;
        if (PipelineType !== 'V2') yield faultOf(found, 'is not of type V2: it could leave no stage out');
        if (ExecutionMode !== 'QUEUED')
          yield faultOf(found, `is ${textAt(ExecutionMode) || 'SUPERSEDED'}: a run could overtake another`);
        if (textAt(ArtifactStore, 'EncryptionKey', 'Type') !== 'KMS' || !textAt(ArtifactStore, 'EncryptionKey', 'Id'))
          yield faultOf(found, 'keeps artifacts under a key of AWS');
      }
    },
  },
  actions: {
    says: 'actions of a delivery pipeline are of a known provider, with the configuration and number of artifacts that it takes',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const { name, stage, kind, inputs, outputs, value } of actionsOf(found)) {
          const known = ACTIONS[kind];
          const words = `has action ${name} of ${stage}`;
          if (
            !known ||
            textAt(value, 'ActionTypeId', 'Owner') !== 'AWS' ||
            textAt(value, 'ActionTypeId', 'Version') !== '1'
          ) {
            yield faultOf(found, `${words} of "${kind}", which is not known as AWS's, version 1`);
            continue;
          }
          const configuration = at(value, 'Configuration') ?? {};
          const keys = Object.keys(configuration);
          for (const key of known.required) if (!keys.includes(key)) yield faultOf(found, `${words} without ${key}`);
          for (const [key, given] of Object.entries(configuration)) {
            if (![...known.required, ...known.optional].includes(key))
              yield faultOf(found, `${words} with ${key}, which ${kind} does not take`);
            if (typeof given !== 'string' || given === '')
              yield faultOf(found, `${words} with ${key} that is no text: CodePipeline takes texts only`);
          }
          const [leastIn, mostIn, leastOut, mostOut] = known.artifacts;
          if (inputs.length < leastIn || inputs.length > mostIn)
            yield faultOf(found, `${words} with ${inputs.length} inputs`);
          if (outputs.length < leastOut || outputs.length > mostOut)
            yield faultOf(found, `${words} with ${outputs.length} outputs`);
        }
      }
    },
  },
} satisfies Record<string, Rule>;
