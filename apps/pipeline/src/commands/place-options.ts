// Options that every command has: where SageMaker is, and which product is meant.
import { Command, InvalidArgumentError, Option } from 'commander';
import { PlaceOptions } from '../connection';
import { ACCOUNT_SETTINGS } from '../pipeline.config';

const GROUP = 'Where:';
const DEFAULTS = { on: 'local', state: '.aws-local', group: 'image-classifier', endpoint: 'image-classifier' } as const;

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
    ...ACCOUNT_SETTINGS.map(
      ({ name, option, variable, meaning }) =>
        new Option(`${option} <${name}>`, `on SageMaker: ${meaning} (or ${variable})`),
    ),
    new Option('--debug', 'show where an error comes from'),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}

export function addJsonOption(command: Command): Command {
  return command.option('--json', 'one JSON document on stdout, for programs');
}

/** A command as a person types it in the same place. */
export function typed(options: PlaceOptions, words: string): string {
  const place = [
    ...(options.on === DEFAULTS.on ? [] : [`--on ${options.on}`]),
    ...(options.on === 'sagemaker' || options.state === DEFAULTS.state ? [] : [`--state ${options.state}`]),
    ...(options.group === DEFAULTS.group ? [] : [`--group ${options.group}`]),
    ...(options.endpoint === DEFAULTS.endpoint ? [] : [`--endpoint ${options.endpoint}`]),
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

function checkedName(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('It must be letters and digits with dashes between them, at most 63.');
}
