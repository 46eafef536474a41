// From SageMaker's table of texts to settings with types. The names and limits themselves are in `HYPERPARAMETERS`.
import { Hyperparameter, HyperparameterName, HYPERPARAMETERS } from '@app/contracts/learning';
import { editDistance } from './edit-distance';
import { TrainingError } from './training.error';

/** A valid value for each, as it was given or by default. */
export type HyperparameterValues = Readonly<Record<HyperparameterName, string>>;

export interface TrainingSettings {
  readonly modelName: string;
  readonly method: 'fit' | 'epochs';
  readonly l2Strength: number | 'auto';
  readonly folds: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly flippedViews: boolean;
  readonly inputSize: number;
  readonly validationShare: number;
  readonly testShare: number;
  readonly selectiveAccuracy: number;
  readonly unknownFalseAlarms: number;
  readonly seed: number;
}

const ALL: readonly (Hyperparameter & { readonly name: HyperparameterName })[] = HYPERPARAMETERS;
/** SageMaker puts some of its own among them: for its SDK's toolkits, and for hyperparameter tuning. */
const NOT_OURS = /^(sagemaker_|_tuning_objective_metric)/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
/** `splitDataset` needs as much to learn from. */
const MOST_SET_ASIDE = 0.5;

/** Checks the content of `hyperparameters.json`. Throws a `TrainingError` `bad-hyperparameters` that names every fault. */
export function checkHyperparameters(given: Readonly<Record<string, unknown>>): HyperparameterValues {
  const faults = Object.keys(given).flatMap((name) => unknownName(name));
  const values = Object.fromEntries(
    ALL.map((parameter) => {
      const value = given[parameter.name] ?? parameter.default;
      const fault = faultOf(parameter, value);
      if (fault !== undefined) faults.push(`"${parameter.name}" ${fault}`);
      return [parameter.name, value];
    }),
  ) as HyperparameterValues; // of every name, and texts unless there are faults
  if (Number(values['validation-share']) + Number(values['test-share']) > MOST_SET_ASIDE) {
    faults.push('"validation-share" and "test-share" must leave at least half of the images to learn from');
  }
  if (faults.length === 0) return values;
  throw new TrainingError('bad-hyperparameters', `The hyperparameters are wrong: ${faults.join('; ')}.`);
}

export function settingsOf(values: HyperparameterValues): TrainingSettings {
  const number = (name: HyperparameterName) => Number(values[name]);
  return {
    modelName: values['model-name'],
    method: values.method === 'epochs' ? 'epochs' : 'fit',
    l2Strength: values['l2-strength'] === 'auto' ? 'auto' : number('l2-strength'),
    folds: number('folds'),
    epochs: number('epochs'),
    batchSize: number('batch-size'),
    learningRate: number('learning-rate'),
    flippedViews: values['flipped-views'] === 'true',
    inputSize: number('input-size'),
    validationShare: number('validation-share'),
    testShare: number('test-share'),
    selectiveAccuracy: number('selective-accuracy'),
    unknownFalseAlarms: number('unknown-false-alarms'),
    seed: number('seed'),
  };
}

/** What a value may be, in words: `a whole number from 2 to 20`. */
export function allowedWords({ kind, choices = [], patternWords = 'a text', min, max, auto }: Hyperparameter): string {
  if (kind === 'choice') return choices.map((choice) => `\`${choice}\``).join(' or ');
  if (kind === 'text') return patternWords;
  const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` to ${max}`].join('');
  return `a ${kind === 'integer' ? 'whole ' : ''}number${range}${auto === true ? ', or `auto`' : ''}`;
}

function unknownName(name: string): string[] {
  if (NOT_OURS.test(name) || ALL.some((parameter) => parameter.name === name)) return [];
  const [nearest] = ALL.map((one) => one.name).sort((a, b) => editDistance(name, a) - editDistance(name, b));
  return [`"${name}" is not known, the nearest name is "${nearest ?? ''}"`];
}

function faultOf(parameter: Hyperparameter, value: unknown): string | undefined {
  const needed = `must be ${allowedWords(parameter)}`;
  if (value === undefined) return `is missing and ${needed}`;
  if (typeof value !== 'string') return `must be given as text, in quotes, not as ${JSON.stringify(value)}`;
  return isAllowed(parameter, value) ? undefined : `${needed}, not "${value}"`;
}

function isAllowed({ kind, choices, pattern, min, max, auto }: Hyperparameter, value: string): boolean {
  if (kind === 'choice') return choices?.includes(value) ?? true;
  if (kind === 'text') return pattern?.test(value) ?? true;
  if (auto === true && value === 'auto') return true;
  const number = Number(value);
  if (!NUMBER.test(value) || (kind === 'integer' && !Number.isInteger(number))) return false;
  return number >= (min ?? -Infinity) && number <= (max ?? Infinity);
}
