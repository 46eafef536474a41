// What a person asks of a run, and the parameters of the pipeline that say the same.
import { HYPERPARAMETERS, Hyperparameter, HyperparameterName } from '@app/contracts/learning';
import { DEFAULT_TEST_SHARE } from '@app/contracts/pipeline';
import { UsageError } from '../command.error';
import { parameterOf, PARAMETERS } from '../definition/image-classifier-parameters';

const DAY_SECONDS = 86_400;

/** Where the gate stands unless it is said otherwise. */
export const DEFAULT_LIMITS = {
  accuracyThreshold: PARAMETERS.AccuracyThreshold.default,
  maxAccuracyDrop: PARAMETERS.MaxAccuracyDrop.default,
} as const;

export interface RunRequest {
  /** Folders of this machine, or S3 URIs. */
  readonly data: string;
  readonly test?: string;
  readonly other?: string;
  /** By the names in `HYPERPARAMETERS`; what is not here is the definition's default. */
  readonly hyperparameters: ReadonlyMap<HyperparameterName, string>;
  readonly backbone?: { readonly file: string; readonly input: string };
  /** Version to go on from. */
  readonly from?: number;
  readonly accuracyThreshold?: number;
  readonly maxAccuracyDrop?: number;
  /** Approves the version at once when the gate lets it through. */
  readonly approve: boolean;
  readonly trainingInstance?: string;
  readonly evaluationInstance?: string;
  readonly volumeGb?: number;
  readonly maxRuntimeSeconds?: number;
}

export type SettableHyperparameter = Hyperparameter & { readonly name: HyperparameterName };

/** Hyperparameters that can be set one by one: the name of the model has an option of its own, `--name`. */
export const SETTABLE_HYPERPARAMETERS: readonly SettableHyperparameter[] = HYPERPARAMETERS.filter(
  ({ name }) => name !== 'model-name',
);

/** The value as SageMaker wants it. Throws a `RangeError` whose message says what is asked for. */
export function checkedValue(hyperparameter: Hyperparameter, text: string): string {
  const { kind, choices, pattern, patternWords, min, max, auto } = hyperparameter;
  if (kind === 'choice') {
    if (choices?.includes(text) === true) return text;
    throw new RangeError(`It must be one of ${choices?.join(', ') ?? ''}.`);
  }
  if (kind === 'text') {
    if (pattern === undefined || pattern.test(text)) return text;
    throw new RangeError(`It must be ${patternWords ?? `like ${String(pattern)}`}.`);
  }
  if (auto === true && text === 'auto') return text;
  const value = Number(text);
  const isWrong =
    text.trim() === '' ||
    !(kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)) ||
    (min !== undefined && value < min) ||
    (max !== undefined && value > max);
  if (!isWrong) return text.trim();
  const range = min === undefined ? '' : max === undefined ? ` of at least ${min}` : ` from ${min} to ${max}`;
  throw new RangeError(
    `It must be ${kind === 'integer' ? 'a whole number' : 'a number'}${range}${auto === true ? ', or auto' : ''}.`,
  );
}

/** Whether tests use a part of the training data, and how large it is. Throws `UsageError` for what contradicts itself. */
export function testShareOf({ test, hyperparameters }: RunRequest): string | undefined {
  const given = hyperparameters.get('test-share');
  if (test === undefined) {
    if (given !== undefined && Number(given) === 0) {
      throw new UsageError('Without --test there has to be a share to test with: --test-share must be more than 0.');
    }
    return given ?? DEFAULT_TEST_SHARE;
  }
  if (given !== undefined && Number(given) > 0) {
    throw new UsageError(
      '--test and --test-share exclude each other: test with the folder, or with a share of the training data.',
    );
  }
  return given;
}

/** Parameters of the pipeline that follow from the request alone. */
export function requestParameters(request: RunRequest): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of request.hyperparameters) parameters.set(parameterOf(name), value);
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined) parameters.set(name, String(value));
  };
  put('TestShare', testShareOf(request));
  put('AccuracyThreshold', request.accuracyThreshold);
  put('MaxAccuracyDrop', request.maxAccuracyDrop);
  put('ApprovalStatus', request.approve ? 'Approved' : undefined);
  put('TrainingInstanceType', request.trainingInstance);
  put('EvaluationInstanceType', request.evaluationInstance);
  put('VolumeSizeInGB', request.volumeGb);
  put('MaxRuntimeInSeconds', request.maxRuntimeSeconds);
  // Spot capacity is waited for at least as long again, and not less than a day: the definition's default.
  put('MaxWaitTimeInSeconds', request.maxRuntimeSeconds && Math.max(DAY_SECONDS, 2 * request.maxRuntimeSeconds));
  return parameters;
}

export function isS3Uri(place: string): boolean {
  return place.startsWith('s3://');
}
