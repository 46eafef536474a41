// What SageMaker hands to a training job: hyperparameters, channels, hosts. Looks at names, not at what the channels hold.
import { TrainingChannel } from '@app/contracts/learning';
import { isSystemError } from '@app/learning';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdsInput, namesIn } from '../job/input-folder';
import { checkHyperparameters, HyperparameterValues } from './hyperparameters';
import { TrainingFolders } from './training-folders';
import { TrainingError } from './training.error';

export type ChannelName = keyof typeof TrainingChannel;

export interface JobInput {
  readonly hyperparameters: HyperparameterValues;
  /** Folders of the channels that hold something. */
  readonly channels: { readonly train: string } & Readonly<Partial<Record<ChannelName, string>>>;
  /** Sentences. */
  readonly warnings: readonly string[];
}

/** Throws a `JobError` for what is wrong or cannot be done. Hyperparameters and channels are enough; the other files may be absent. */
export async function readJobInput(folders: TrainingFolders): Promise<JobInput> {
  const given = await readObject(folders.hyperparameters);
  if (given === undefined) {
    throw new TrainingError(
      'bad-hyperparameters',
      `${folders.hyperparameters} is missing; it holds the hyperparameters.`,
    );
  }
  const hyperparameters = checkHyperparameters(given);
  checkHosts((await readObject(folders.resourceConfig)) ?? {}, folders.resourceConfig);
  const declared = (await readObject(folders.inputDataConfig)) ?? {};
  for (const [name, channel] of Object.entries(declared)) checkInputMode(name, channel);

  const channels = await filledChannels(folders.channels);
  const names: readonly string[] = Object.values(TrainingChannel);
  const strangers = [...channels.keys()].filter((name) => !names.includes(name));
  const train = channels.get(TrainingChannel.train);
  if (train === undefined) throw missingTrain(join(folders.channels, TrainingChannel.train), strangers);
  // A part that is set aside is the test data. The channel then holds the training data once more, which evaluation divides again.
  if (Number(hyperparameters['test-share']) > 0) channels.delete(TrainingChannel.test);
  return {
    hyperparameters,
    channels: { ...Object.fromEntries(channels), train },
    warnings: strangers.map((name) => `The channel "${name}" is not used; there are ${names.join(', ')}.`),
  };
}

/** Undefined when there is no such file. */
async function readObject(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const fault = (problem: string, cause: unknown) =>
    new TrainingError('bad-configuration', `${file} cannot be used: ${problem}.`, { cause });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw fault(error.message, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fault(`it is not JSON (${error instanceof Error ? error.message : ''})`, error);
  }
  if (!isObject(json)) throw fault('it must be a JSON object', undefined);
  return json;
}

function checkHosts({ hosts }: Readonly<Record<string, unknown>>, file: string): void {
  if (!Array.isArray(hosts) || hosts.length <= 1) return;
  throw new TrainingError(
    'bad-configuration',
    `${file} names ${hosts.length} hosts, and training uses one; set InstanceCount to 1.`,
  );
}

function checkInputMode(name: string, channel: unknown): void {
  if (!isObject(channel) || channel['TrainingInputMode'] !== 'Pipe') return;
  throw new TrainingError(
    'bad-configuration',
    `The channel "${name}" has the input mode Pipe, and training reads files; choose File or FastFile.`,
  );
}

/** By name. */
async function filledChannels(folder: string): Promise<Map<string, string>> {
  const channels = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const channel = join(folder, name);
    if (await holdsInput(channel)) channels.set(name, channel);
  }
  return channels;
}

function missingTrain(folder: string, strangers: readonly string[]): TrainingError {
  const found = strangers.length === 0 ? '' : ` There is a channel "${strangers.join('", "')}": is it meant?`;
  return new TrainingError(
    'bad-channel',
    `The channel "${TrainingChannel.train}" is missing: ${folder} must hold a folder of photos for each class.${found}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
