// Options that every command has: where SageMaker is, and which product is meant.
import { Command, InvalidArgumentError, Option } from 'commander';
import { PlaceOptions } from '../connection';
import { UsageError } from '../command.error';
import { ACCOUNT_SETTINGS } from '../pipeline.config';
import { DEFAULT_PROJECT, FindStage } from '../stage';

const GROUP = 'Where:';
const DEFAULTS = { on: 'local', state: '.aws-local', group: 'image-classifier', endpoint: 'image-classifier' } as const;

/** What the stacks allow. */
const PROJECT = /^[a-z][a-z0-9-]{1,19}$/;
const STAGE = /^[a-z][a-z0-9-]{0,11}$/;

/** SageMaker's rule for names of groups, pipelines and endpoints. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

export function addPlaceOptions(command: Command): Command {
  const options = [
    new Option('--on <place>', 'on this machine, or on Amazon SageMaker')
      .choices(['local', 'sagemaker'])
      .default(DEFAULTS.on),
    new Option('--state <dir>', 'folder that stands for an AWS account on this machine').default(DEFAULTS.state),
    new Option('--group <name>', 'model package group, and pipeline').default(DEFAULTS.group).argParser(checkedName),
    new Option('--endpoint <name>', 'SageMaker endpoint').default(DEFAULTS.endpoint).argParser(checkedName),
    new Option(
      '--stage <stage>',
      'on SageMaker: copy of the product that npm run deploy has made; it says what is not given here',
    ).argParser(matching(STAGE, 'lower-case letters, digits and dashes, at most 12, like demo')),
    new Option('--project <project>', 'on SageMaker: name that the stage was deployed with')
      .default(DEFAULT_PROJECT)
      .argParser(matching(PROJECT, 'lower-case letters, digits and dashes, at most 20')),
    ...ACCOUNT_SETTINGS.map(
      ({ option, variable, meaning }) =>
        new Option(`${option} <${option.replace(/^--(data-)?/, '')}>`, `on SageMaker: ${meaning} (or ${variable})`),
    ),
    new Option('--debug', 'show where an error comes from'),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}

/** Fills in from the stage what was not typed. Throws a `UsageError` for a stage of this machine, which has none. */
export async function fillFromStage(command: Command, findStage: FindStage): Promise<void> {
  const { stage, project, on } = command.opts<PlaceOptions>();
  if (stage === undefined) return;
  if (on !== 'sagemaker') throw new UsageError(`A stage is on AWS: add --on sagemaker to --stage ${stage}.`);
  const { feedbackBucket, ...found } = await findStage(project, stage);
  const isOffered = new Set(command.options.map((option) => option.attributeName()));
  const values = Object.entries({ ...found, feedback: `s3://${feedbackBucket}/feedback/` });
  const taken = values.filter(([name]) => {
    const source = command.getOptionValueSource(name);
    return isOffered.has(name) && (source === undefined || source === 'default');
  });
  for (const [name, value] of taken) command.setOptionValueWithSource(name, value, 'stage');
  command.setOptionValue(
    'fromStage',
    taken.map(([name]) => name),
  );
}

export function addJsonOption(command: Command): Command {
  return command.option('--json', 'one JSON document on stdout, for programs');
}

/** A command as a person types it in the same place. */
export function typed(options: PlaceOptions, words: string): string {
  const isTyped = (name: string) => options.fromStage?.includes(name) !== true;
  const place = [
    ...(options.on === DEFAULTS.on ? [] : [`--on ${options.on}`]),
    ...(options.on === 'sagemaker' || options.state === DEFAULTS.state ? [] : [`--state ${options.state}`]),
    ...(options.stage === undefined ? [] : [`--stage ${options.stage}`]),
    ...(options.project === DEFAULT_PROJECT ? [] : [`--project ${options.project}`]),
    ...(isTyped('group') && options.group !== DEFAULTS.group ? [`--group ${options.group}`] : []),
    ...(isTyped('endpoint') && options.endpoint !== DEFAULTS.endpoint ? [`--endpoint ${options.endpoint}`] : []),
  ];
  return ['npm run pipeline --', words, ...place].join(' ');
}

/** Of a version, as an argument. */
export function versionNumber(text: string): number {
  const number = /^v?(\d+)$/i.exec(text)?.[1];
  if (number === undefined || Number(number) === 0) {
    throw new InvalidArgumentError('Versions are numbers from 1 on; the command models lists them.');
  }
  return Number(number);
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a share from 0 to 1, for example 0.9.');
  }
  return value;
}

function matching(pattern: RegExp, words: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${words}.`);
  };
}

function checkedName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('It must be letters and digits with dashes between them, at most 63.');
}
