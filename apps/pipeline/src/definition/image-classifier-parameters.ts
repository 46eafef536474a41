// What can be set for each run of the image classifier's pipeline. The table in docs/pipeline-reference.md says the same.
import { Hyperparameter, HyperparameterName, HYPERPARAMETERS } from '@app/contracts/learning';
import type { ModelApprovalStatus, ProcessingInstanceType, TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { float, integer, Parameter, Parameters, text } from './pipeline-parameters';

type PascalCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${PascalCase<Rest>}`
  : Capitalize<Name>;

/** `l2-strength` -> `L2Strength` */
export function parameterOf<Name extends HyperparameterName>(name: Name): PascalCase<Name> {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join('') as PascalCase<Name>; // the same, for values
}

/** Strings, all of them: a training job takes nothing else, and it checks kinds and limits itself. */
const hyperparameters = Object.fromEntries(
  HYPERPARAMETERS.map(({ name, meaning, default: value, choices }: Hyperparameter & { name: HyperparameterName }) => [
    parameterOf(name),
    text({ meaning, ...(value !== undefined && { default: value }), ...(choices && { values: choices }) }),
  ]),
) as Readonly<Record<PascalCase<HyperparameterName>, Parameter<string>>>; // one for each

export const PARAMETERS = {
  TrainingData: text({
    meaning: 'Prefix with a folder of photos for each class.',
  }),
  TestData: text({
    meaning: 'Prefix with test photos in the same folders; the training data when `TestShare` sets a part of it aside.',
  }),
  OtherData: text({ meaning: 'Prefix with photos of things that the model does not know, or of nothing.' }),
  EarlierModel: text({ meaning: 'Prefix with the `model.tar.gz` to go on from, or of nothing.' }),
  Backbone: text({ meaning: 'Prefix with another `backbone.onnx` and its `backbone.json`, or of nothing.' }),
  DeployedModel: text({ meaning: 'Prefix with the `model.tar.gz` that is deployed, or of nothing.' }),
  ...hyperparameters,
  AccuracyThreshold: float({ default: 0.8, meaning: 'Share of the test photos that has to be right, at least.' }),
  MaxAccuracyDrop: float({
    default: 0,
    meaning: 'How much less accurate than the deployed model the new one may be, on the same test photos.',
  }),
  ModelPackageGroup: text({ default: 'image-classifier', meaning: 'Where the version is registered.' }),
  ApprovalStatus: text<ModelApprovalStatus>({
    default: 'PendingManualApproval',
    values: ['PendingManualApproval', 'Approved'],
    meaning: 'Of the registered version; with `Approved` nobody is asked.',
  }),
  CodeVersion: text({ meaning: 'Version of the code that is in the image, for the records.' }),
  Image: text({ meaning: 'Container image that trains, evaluates and serves.' }),
  RoleArn: text({ meaning: 'Role that the jobs run with.' }),
  OutputUri: text({ meaning: 'Prefix below which jobs write, without a slash at its end.' }),
  FeatureCacheUri: text({
    meaning: 'Prefix of features that were computed before; shared by all runs, and refilled when it is empty.',
  }),
  TrainingInstanceType: text<TrainingInstanceType>({ default: 'ml.m5.xlarge', meaning: 'Machine that trains.' }),
  EvaluationInstanceType: text<ProcessingInstanceType>({ default: 'ml.m5.xlarge', meaning: 'Machine that evaluates.' }),
  VolumeSizeInGB: integer({ default: 30, meaning: 'Disk of each machine: photos, model, features.' }),
  MaxRuntimeInSeconds: integer({ default: 7200, meaning: 'Training, and evaluation, are stopped after it.' }),
  MaxWaitTimeInSeconds: integer({
    default: 86_400,
    meaning: 'Training and waiting for spot capacity end after it; not less than `MaxRuntimeInSeconds`.',
  }),
} as const satisfies Parameters;

export type ParameterName = keyof typeof PARAMETERS;
