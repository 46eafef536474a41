// A program in a mounted image, as a container engine would run it: the image's settings, its file system read-only, a process
// tree of its own in which the program is number 1. The network is this machine's, as in a task with a network of its own.
import { distFile, Environment, ManagedProcess, OutputStream } from '@app/sagemaker-local';
import { readFileSync } from 'node:fs';
import { MountedImage } from './built-image';

export interface IsolationOptions {
  /** What follows the entry point. */
  readonly parameters?: readonly string[];
  /** In place of the entry point. */
  readonly command?: readonly string[];
  /** Folders of this machine that are mounted, so that they can be written: `{ from: '/home/me/job', to: '/opt/ml' }`. */
  readonly mounts?: readonly { readonly from: string; readonly to: string }[];
}

/** What `run-isolated.js` is told. */
export interface Isolation {
  readonly root: string;
  readonly user: string;
  readonly folder: string;
  readonly command: readonly string[];
  readonly mounts: readonly { readonly from: string; readonly to: string }[];
}

/** A Node program that runs the image's: what starts processes can start a container, too. */
export function isolatedCommand(image: MountedImage, options: IsolationOptions = {}): [string, ...string[]] {
  const { User: user, Entrypoint, WorkingDir: folder } = image.settings;
  const command = options.command ?? [...Entrypoint, ...(options.parameters ?? [])];
  const isolation: Isolation = { root: image.root, user, folder, command, mounts: options.mounts ?? [] };
  return [distFile('test/images/support/run-isolated.js'), JSON.stringify(isolation)];
}

/** The image's variables, and over them those of whoever runs it. */
export function environmentOf({ settings }: MountedImage, over: Environment = {}): Environment {
  return { ...Object.fromEntries(settings.Env.map((line) => splitOnce(line))), ...over };
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

export function startIsolated(
  image: MountedImage,
  over: Environment,
  options: IsolationOptions = {},
  onLine: (line: string, stream: OutputStream) => void = () => undefined,
): ManagedProcess {
  return new ManagedProcess({
    command: isolatedCommand(image, options),
    environment: environmentOf(image, over),
    onLine,
  });
}

/** Its number in its own process tree. */
export function ownPid({ pid }: ManagedProcess): number {
  const inside = childOf(childOf(pid ?? 0));
  const [, numbers = ''] = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${inside}/status`, 'utf8')) ?? [];
  return Number(numbers.split(/\s+/).at(-1));
}

/** The only child of a process. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
