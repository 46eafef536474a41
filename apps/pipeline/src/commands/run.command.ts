/** `run`: makes a model, or goes on with a run that ended early. */
import { Hyperparameter, HyperparameterName, HYPERPARAMETERS } from '@app/contracts/learning';
import { DEFAULT_TEST_SHARE } from '@app/contracts/pipeline';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, ExitCode, UsageError } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { Connection, PlaceOptions } from '../connection';
import { checkedValue, DEFAULT_LIMITS, RunRequest, SETTABLE_HYPERPARAMETERS } from '../runs/run-request';
import { reasonOf } from '../reason-of';
import { followRun, RunOptions } from './follow-run';
import { addJsonOption, addPlaceOptions, positiveInteger, share, typed, versionNumber } from './place-options';

interface NewRunOptions extends RunOptions {
  readonly data?: string;
  readonly test?: string;
  readonly other?: string;
  readonly name?: string;
  readonly backbone?: string;
  readonly backboneInput?: string;
  readonly from?: number;
  readonly accuracyThreshold?: number;
  readonly maxAccuracyDrop?: number;
  readonly approve?: boolean;
  readonly instanceType?: string;
  readonly evaluationInstanceType?: string;
  readonly volumeSize?: number;
  readonly maxRuntime?: number;
  readonly detach?: boolean;
  readonly resume?: string | true;
}

const MODEL_NAME: Hyperparameter = HYPERPARAMETERS[0];

/** In the file of a run in the background, and on the terminal. */
const STARTED = /^Run (\S+) (started|goes on)\.$/m;
const BACKGROUND_POLL_MS = 100;

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('train a model with folders of photos, evaluate it, and register it when it is good enough')
    .option('--data <dir>', 'folder with a sub-folder of photos for each class; or its s3:// prefix')
    .option(
      '--test <dir>',
      `test photos in the same sub-folders; without it a share of ${DEFAULT_TEST_SHARE} of the data is set aside`,
    )
    .option('--other <dir>', 'photos of things that the model does not know, to see whether it says so')
    .addOption(
      new Option('--name <name>', `name of the model: ${MODEL_NAME.patternWords ?? ''}`).argParser(
        parserOf(MODEL_NAME),
      ),
    )
    .option('--backbone <file>', 'ONNX file of another network to learn from')
    .option('--backbone-input <json>', 'how it takes an image, as JSON or a file of it, like "input" in a model.json')
    .addOption(new Option('--from <version>', 'version to go on from').argParser(versionNumber))
    .addOption(
      new Option(
        '--accuracy-threshold <share>',
        `least accuracy to be registered (default: ${DEFAULT_LIMITS.accuracyThreshold})`,
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--max-accuracy-drop <share>',
        `how much less accurate than the deployed model it may be (default: ${DEFAULT_LIMITS.maxAccuracyDrop})`,
      ).argParser(share),
    )
    .option('--approve', 'approve the version at once when the gate lets it through')
    .option('--detach', 'do not wait for its end')
    .option('--resume [run]', 'go on with a run that failed or was stopped; the last one unless it is named');
  for (const hyperparameter of SETTABLE_HYPERPARAMETERS) command.addOption(optionOf(hyperparameter));
  const sageMakerOptions = [
    new Option('--instance-type <type>', 'machine that trains, and evaluates unless that has its own'),
    new Option('--evaluation-instance-type <type>', 'machine that evaluates'),
    new Option('--volume-size <gb>', 'disk of each machine').argParser(positiveInteger),
    new Option('--max-runtime <seconds>', 'training, and evaluation, are stopped after it').argParser(positiveInteger),
  ];
  for (const option of sageMakerOptions) command.addOption(option.helpGroup('On SageMaker:'));
  addPlaceOptions(addJsonOption(command)).action(async (options: NewRunOptions) => {
    const isNew = options.resume === undefined;
    const request = isNew ? requestOf(options) : undefined;
    if (!isNew && options.data !== undefined) {
      throw new UsageError('--resume goes on with what the run was given; leave out --data.');
    }
    if (options.detach === true && options.on === 'local') return startInBackground(context, options);
    await withConnection(
      context,
      options,
      request === undefined ? [] : ['bucket', 'role', 'image'],
      async (connection) => {
        const id =
          request === undefined
            ? await resume(connection, options)
            : await connection.runs.start(request, (sentence) => say(context, options, sentence));
        say(context, options, `Run ${id} ${isNew ? 'started' : 'goes on'}.`);
        if (options.detach !== true) return followRun(context, connection, id, options, 'stop');
        if (options.json === true) context.output.stdout.write(`${JSON.stringify({ run: id }, null, 2)}\n`);
        else context.output.stdout.write(`Follow it with: ${typed(options, `watch ${id}`)}\n`);
        return ExitCode.done;
      },
    );
  });
}

async function resume({ runs }: Connection, { resume }: NewRunOptions): Promise<string> {
  const id = await runs.idOf(resume === true ? undefined : resume);
  await runs.resume(id);
  return id;
}

/** On this machine the steps are processes of whoever started the run: another process takes it. */
async function startInBackground(context: CommandContext, options: NewRunOptions): Promise<void> {
  const argv = context.argv.filter((word) => word !== '--detach');
  const file = join(
    options.state,
    'background',
    `${context.now().toISOString().replaceAll(/\D/g, '').slice(0, 17)}.log`,
  );
  const { ended } = await context.startInBackground(argv, file).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be written (${reasonOf(error)}). Name another folder with --state DIR.`);
  });
  let exitCode: number | undefined;
  void ended.then((code) => (exitCode = code));
  for (;;) {
    const written = await readFile(file, 'utf8');
    const run = STARTED.exec(written)?.[1];
    if (run !== undefined) {
      if (options.json === true) context.output.stdout.write(`${JSON.stringify({ run, log: file }, null, 2)}\n`);
      else {
        context.output.stdout.write(
          `Run ${run} goes on in the background.\nFollow it with: ${typed(options, `watch ${run}`)}\n`,
        );
      }
      return;
    }
    if (exitCode !== undefined) {
      throw new CommandError(written.trim() || `The run did not start; see ${file}.`, exitCode === 64 ? 64 : 1);
    }
    await sleep(BACKGROUND_POLL_MS);
  }
}

/** Stdout belongs to the document when a program asked for one. */
function say({ output }: CommandContext, { json }: RunOptions, sentence: string): void {
  (json === true ? output.stderr : output.stdout).write(`${sentence}\n`);
}

function requestOf(options: NewRunOptions & PlaceOptions): RunRequest {
  const { data, name, test, other, backbone, backboneInput, from } = options;
  const missing = [...(data === undefined ? ['--data DIR'] : []), ...(name === undefined ? ['--name NAME'] : [])];
  if (data === undefined || name === undefined) {
    throw new UsageError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} needed: the photos, and the name of the model that is made of them.`,
    );
  }
  if ((backboneInput === undefined) !== (backbone === undefined)) {
    throw new UsageError('--backbone and --backbone-input belong together: the network, and how it takes an image.');
  }
  const hyperparameters = new Map<HyperparameterName, string>([['model-name', name]]);
  const given = new Map(Object.entries(options));
  for (const hyperparameter of SETTABLE_HYPERPARAMETERS) {
    const value: unknown = given.get(optionOf(hyperparameter).attributeName());
    if (typeof value === 'string') hyperparameters.set(hyperparameter.name, value);
  }
  return {
    data,
    hyperparameters,
    approve: options.approve === true,
    ...(test === undefined ? {} : { test }),
    ...(other === undefined ? {} : { other }),
    ...(from === undefined ? {} : { from }),
    ...(backbone === undefined || backboneInput === undefined
      ? {}
      : { backbone: { file: backbone, input: backboneInput } }),
    ...limitsAndMachines(options),
  };
}

function limitsAndMachines(options: NewRunOptions): Partial<RunRequest> {
  const evaluationInstance = options.evaluationInstanceType ?? options.instanceType;
  return {
    ...(options.accuracyThreshold === undefined ? {} : { accuracyThreshold: options.accuracyThreshold }),
    ...(options.maxAccuracyDrop === undefined ? {} : { maxAccuracyDrop: options.maxAccuracyDrop }),
    ...(options.instanceType === undefined ? {} : { trainingInstance: options.instanceType }),
    ...(evaluationInstance === undefined ? {} : { evaluationInstance }),
    ...(options.volumeSize === undefined ? {} : { volumeGb: options.volumeSize }),
    ...(options.maxRuntime === undefined ? {} : { maxRuntimeSeconds: options.maxRuntime }),
  };
}

function optionOf(hyperparameter: Hyperparameter): Option {
  const { name, kind, meaning, default: value, choices } = hyperparameter;
  const placeholder = kind === 'choice' ? (choices?.join('|') ?? kind) : kind;
  return new Option(`--${name} <${placeholder}>`, `${meaning.replace(/\.$/, '')} (default: ${value ?? ''})`)
    .argParser(parserOf(hyperparameter))
    .helpGroup('How it learns:');
}

function parserOf(hyperparameter: Hyperparameter): (text: string) => string {
  return (text) => {
    try {
      return checkedValue(hyperparameter, text);
    } catch (error) {
      throw error instanceof RangeError ? new InvalidArgumentError(error.message) : error;
    }
  };
}
