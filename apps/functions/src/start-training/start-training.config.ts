/** The settings of the function, from its environment. */
import { pipelinePlaces, RunSurroundings } from '@app/contracts/pipeline';
import { bucket, instanceType, like, name, oneOf, roleArn, SettingsReader, share, Variable } from '../settings';

/** All settings of the function; the only place that knows their variables. */
export const VARIABLES = {
  TRAINING_PIPELINE: {
    preset: 'image-classifier',
    meaning: 'SageMaker pipeline that is started',
    rule: name,
  },
  TRAINING_MODEL_PACKAGE_GROUP: {
    preset: 'image-classifier',
    meaning: 'Model package group that the new version goes into',
    rule: name,
  },
  TRAINING_ENDPOINT_NAME: {
    preset: 'image-classifier',
    meaning: 'Endpoint whose model the new one is compared with',
    rule: name,
  },
  TRAINING_DATA_BUCKET: {
    preset: undefined,
    meaning: 'Bucket with dataset versions, below `datasets/`',
    rule: bucket,
  },
  TRAINING_MODELS_BUCKET: {
    preset: undefined,
    meaning: 'Bucket for what the pipeline makes and keeps',
    rule: bucket,
  },
  TRAINING_ROLE_ARN: {
    preset: undefined,
    meaning: 'Role of the jobs',
    rule: roleArn,
  },
  TRAINING_IMAGE: {
    preset: undefined,
    meaning: 'Container image that trains, evaluates and serves, while no build has recorded another',
    rule: like(/^[^\s]+$/, 'an image in ECR'),
  },
  TRAINING_IMAGE_PARAMETER: {
    preset: '',
    meaning: 'SSM parameter where builds record the newest image, which goes before `TRAINING_IMAGE`',
    rule: like(/^(\/[a-zA-Z0-9_.-]+)*$/, 'the name of an SSM parameter, such as /image-classifier/demo/images/model'),
  },
  TRAINING_CODE_VERSION: {
    preset: '',
    meaning: 'Version of the code in the image, for the records; its digest or tag when empty',
    rule: like(/^[a-zA-Z0-9._-]{0,64}$/, 'at most 64 letters, digits, dots, dashes and underscores'),
  },
  TRAINING_INSTANCE_TYPE: {
    preset: 'ml.m5.xlarge',
    meaning: 'Machine that trains and evaluates',
    rule: instanceType,
  },
  TRAINING_ACCURACY_THRESHOLD: {
    preset: '0.8',
    meaning: 'Least accuracy to be registered',
    rule: share,
  },
  TRAINING_MAX_ACCURACY_DROP: {
    preset: '0',
    meaning: 'How much less accurate than the deployed model the new one may be',
    rule: share,
  },
  TRAINING_APPROVAL: {
    preset: 'PendingManualApproval',
    meaning: 'Approval of the new version: a person’s (`PendingManualApproval`), or nobody’s (`Approved`)',
    rule: oneOf('PendingManualApproval', 'Approved'),
  },
} as const satisfies Record<string, Variable>;

export interface TrainingSettings {
  readonly pipeline: string;
  readonly dataBucket: string;
  readonly modelsBucket: string;
  /** With the image that the function was set up with; `trainingImage` knows a newer one. */
  readonly surroundings: RunSurroundings;
  /** Empty when there is none. */
  readonly imageParameter: string;
  /** Parameters of the pipeline that are the same for every run. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Throws one `RangeError` that names all that is wrong with the environment. An empty variable counts as unset. */
export function trainingSettings(environment: NodeJS.ProcessEnv): TrainingSettings {
  const read = new SettingsReader<keyof typeof VARIABLES>(VARIABLES, environment);
  const modelsBucket = read.value('TRAINING_MODELS_BUCKET');
  const image = read.value('TRAINING_IMAGE');
  const instance = read.value('TRAINING_INSTANCE_TYPE');
  const settings: TrainingSettings = {
    pipeline: read.value('TRAINING_PIPELINE'),
    dataBucket: read.value('TRAINING_DATA_BUCKET'),
    modelsBucket,
    surroundings: {
      places: pipelinePlaces(`s3://${modelsBucket}`, read.value('TRAINING_ENDPOINT_NAME')),
      roleArn: read.value('TRAINING_ROLE_ARN'),
      image,
      modelPackageGroup: read.value('TRAINING_MODEL_PACKAGE_GROUP'),
      codeVersion: read.value('TRAINING_CODE_VERSION') || versionIn(image),
    },
    imageParameter: read.value('TRAINING_IMAGE_PARAMETER'),
    parameters: {
      TrainingInstanceType: instance,
      EvaluationInstanceType: instance,
      AccuracyThreshold: read.value('TRAINING_ACCURACY_THRESHOLD'),
      MaxAccuracyDrop: read.value('TRAINING_MAX_ACCURACY_DROP'),
      ApprovalStatus: read.value('TRAINING_APPROVAL'),
    },
  };
  read.requireNoFault();
  return settings;
}

/** The environment of the process: what AWS Lambda gives the function. */
export function settingsOfProcess(): TrainingSettings {
  return trainingSettings(process.env);
}

/** `.../model@sha256:0123456789abcdef...` -> `0123456789ab`, `.../model:1.2.0` -> `1.2.0` */
export function versionIn(image: string): string {
  const digest = /@sha256:([0-9a-f]{12})/.exec(image)?.[1];
  return digest ?? /:([^:/]+)$/.exec(image)?.[1] ?? 'unknown';
}
