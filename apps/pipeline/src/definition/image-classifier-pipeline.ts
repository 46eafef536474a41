// The pipeline of this product: train, evaluate, and register the model when it is good enough. It runs the same here and on
// SageMaker, so nothing in it names an account, a region, a bucket or a role. Reference: docs/pipeline-reference.md.
import { IMAGE_MEDIA_TYPES, MediaType } from '@app/contracts';
import {
  EvaluationFile,
  EvaluationInput,
  EvaluationOutput,
  EvaluationReport,
  HYPERPARAMETERS,
  metricExpression,
  PARITY_LIMITS,
  TRAINING_METRICS,
  TrainingChannel,
} from '@app/contracts/learning';
import { definePipeline } from './define-pipeline';
import { parameterOf, PARAMETERS } from './image-classifier-parameters';
import type { PipelineDefinition, RetryPolicy } from './pipeline-definition';
import { variablesOf } from './pipeline-parameters';
import {
  atLeast,
  atMost,
  conditionStep,
  failStep,
  processingStep,
  ProcessingStep,
  registerModelStep,
  Step,
  trainingStep,
  TrainingStep,
} from './pipeline-steps';
import { execution, join, PropertyFile, Variable } from './pipeline-variables';

const REPORT = 'EvaluationReport';
type EvaluateStep = ProcessingStep<typeof EvaluationOutput.evaluation, typeof REPORT>;

/** About an hour in all: spot capacity comes back, or somebody has to look. */
const RETRY_WITHOUT_CAPACITY: RetryPolicy = {
  ExceptionType: ['SageMaker.CAPACITY_ERROR'],
  IntervalSeconds: 120,
  BackoffRate: 2,
  MaxAttempts: 5,
};

const parameters = variablesOf(PARAMETERS);

export function pipelineDefinition(): PipelineDefinition {
  const train = trainStep();
  const evaluate = evaluateStep(train);
  const gate = gateStep(evaluate, registerStep(train, evaluate));
  return definePipeline(PARAMETERS, [train, evaluate, gate]);
}

function trainStep(): TrainingStep {
  return trainingStep({
    Name: 'Train',
    Arguments: {
      AlgorithmSpecification: {
        TrainingImage: parameters.Image,
        TrainingInputMode: 'File',
        MetricDefinitions: TRAINING_METRICS.map(({ name }) => ({ Name: name, Regex: metricExpression(name) })),
      },
      HyperParameters: Object.fromEntries(HYPERPARAMETERS.map(({ name }) => [name, parameters[parameterOf(name)]])),
      InputDataConfig: [
        channel(TrainingChannel.train, parameters.TrainingData),
        channel(TrainingChannel.test, parameters.TestData),
        channel(TrainingChannel.model, parameters.EarlierModel),
        channel(TrainingChannel.backbone, parameters.Backbone),
      ],
      // SageMaker adds the name of the job.
      OutputDataConfig: { S3OutputPath: join('/', [parameters.OutputUri, 'training']) },
      // Features that are there when a job begins need not be computed; after an interruption it goes on where it was.
      CheckpointConfig: { S3Uri: parameters.FeatureCacheUri },
      ResourceConfig: {
        InstanceType: parameters.TrainingInstanceType,
        InstanceCount: 1,
        VolumeSizeInGB: parameters.VolumeSizeInGB,
      },
      // A job of minutes whose checkpoints hold nearly all of its work loses little by an interruption. It cannot be a parameter:
      // the API takes MaxWaitTimeInSeconds with spot alone, and a definition has no optional members.
      EnableManagedSpotTraining: true,
      StoppingCondition: {
        MaxRuntimeInSeconds: parameters.MaxRuntimeInSeconds,
        MaxWaitTimeInSeconds: parameters.MaxWaitTimeInSeconds,
      },
      RoleArn: parameters.RoleArn,
    },
    // SageMaker compares image, hyperparameters and the URIs of channels and checkpoints, not what lies there: other photos and other
    // models need other URIs. (https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html)
    CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
    RetryPolicies: [RETRY_WITHOUT_CAPACITY],
  });
}

function channel(ChannelName: string, S3Uri: Variable<string>) {
  const S3DataSource = { S3DataType: 'S3Prefix', S3Uri, S3DataDistributionType: 'FullyReplicated' } as const;
  return { ChannelName, DataSource: { S3DataSource } };
}

/** Not cached: what is deployed changes under the same URI, and SageMaker compares URIs. */
function evaluateStep(train: TrainingStep): EvaluateStep {
  return processingStep({
    Name: 'Evaluate',
    Arguments: {
      AppSpecification: { ImageUri: parameters.Image, ContainerArguments: ['evaluate'] },
      ProcessingInputs: [
        input(EvaluationInput.model, train.modelArtifacts),
        input(EvaluationInput.test, parameters.TestData),
        input(EvaluationInput.other, parameters.OtherData),
        input(EvaluationInput.deployed, parameters.DeployedModel),
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: EvaluationOutput.evaluation,
            S3Output: {
              S3Uri: join('/', [parameters.OutputUri, 'evaluation', execution.id]),
              LocalPath: `/opt/ml/processing/output/${EvaluationOutput.evaluation}`,
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
      },
      ProcessingResources: {
        ClusterConfig: {
          InstanceType: parameters.EvaluationInstanceType,
          InstanceCount: 1,
          VolumeSizeInGB: parameters.VolumeSizeInGB,
        },
      },
      StoppingCondition: { MaxRuntimeInSeconds: parameters.MaxRuntimeInSeconds },
      RoleArn: parameters.RoleArn,
    },
    RetryPolicies: [RETRY_WITHOUT_CAPACITY],
    PropertyFiles: [
      { PropertyFileName: REPORT, OutputName: EvaluationOutput.evaluation, FilePath: EvaluationFile.report },
    ],
  });
}

function input(InputName: string, S3Uri: Variable<string>) {
  const LocalPath = `/opt/ml/processing/input/${InputName}`;
  return { InputName, S3Input: { S3Uri, LocalPath, S3DataType: 'S3Prefix', S3InputMode: 'File' } } as const;
}

function gateStep(evaluate: EvaluateStep, register: Step): Step {
  const report = evaluate.propertyFile<EvaluationReport>(REPORT);
  return conditionStep({
    Name: 'Gate',
    Conditions: [
      atLeast(report.get('multiclass_classification_metrics.accuracy.value'), parameters.AccuracyThreshold),
      atMost(report.get('comparison.accuracyDrop'), parameters.MaxAccuracyDrop),
      atLeast(report.get('parity.agreement'), PARITY_LIMITS.agreement),
      atMost(report.get('parity.largestDifference'), PARITY_LIMITS.largestDifference),
    ],
    IfSteps: [register],
    ElseSteps: [refuseStep(report, evaluate)],
  });
}

function registerStep(train: TrainingStep, evaluate: EvaluateStep): Step {
  return registerModelStep({
    Name: 'Register',
    Arguments: {
      ModelPackageGroupName: parameters.ModelPackageGroup,
      ModelApprovalStatus: parameters.ApprovalStatus,
      InferenceSpecification: {
        Containers: [{ Image: parameters.Image, ModelDataUrl: train.modelArtifacts }],
        SupportedContentTypes: Object.values(IMAGE_MEDIA_TYPES),
        SupportedResponseMIMETypes: [MediaType.json],
        SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large', 'ml.m5.xlarge', 'ml.c6i.large', 'ml.c6i.xlarge'],
      },
      ModelMetrics: {
        ModelQuality: { Statistics: { ContentType: MediaType.json, S3Uri: fileUri(evaluate, 'report') } },
      },
      // At most 256 characters each, and none of them empty.
      CustomerMetadataProperties: {
        modelName: parameters.ModelName,
        codeVersion: parameters.CodeVersion,
        trainingData: parameters.TrainingData,
        testData: parameters.TestData,
        execution: execution.id,
        reportUri: fileUri(evaluate, 'page'),
        predictionsUri: fileUri(evaluate, 'predictions'),
      },
    },
  });
}

/**
 * A file's figures may stand in the text: the service takes `Std:Join` in an ErrorMessage, and `Std:JsonGet` in a `Std:Join`
 * (integration tests of aws/sagemaker-python-sdk: test_fail_steps.py, and test_tuning_steps.py, whose hyperparameters are so).
 */
function refuseStep(report: PropertyFile<EvaluationReport>, evaluate: EvaluateStep): Step {
  return failStep({
    Name: 'Refuse',
    ErrorMessage: join('', [
      'The model is not registered. Accuracy on the test photos: ',
      report.get('multiclass_classification_metrics.accuracy.value'),
      ', asked for: at least ',
      parameters.AccuracyThreshold,
      '. Less accurate than the deployed model by: ',
      report.get('comparison.accuracyDrop'),
      ', allowed: at most ',
      parameters.MaxAccuracyDrop,
      '. Same answer as in training, over HTTP: ',
      report.get('parity.agreement'),
      ` of the photos, asked for: at least ${PARITY_LIMITS.agreement}; largest difference of a probability: `,
      report.get('parity.largestDifference'),
      `, allowed: at most ${PARITY_LIMITS.largestDifference}. Report: `,
      evaluate.outputUri(EvaluationOutput.evaluation),
      `/${EvaluationFile.page}`,
    ]),
  });
}

function fileUri(evaluate: EvaluateStep, file: keyof typeof EvaluationFile): Variable<string> {
  return join('/', [evaluate.outputUri(EvaluationOutput.evaluation), EvaluationFile[file]]);
}
