// The command line in this process, against whatever speaks SageMaker's wire protocol; and in a process of its own.
import { distFile, LocalS3, StateFolder } from '@app/sagemaker-local';
import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connector } from '../../src/adapters/connect';
import { findStage } from '../../src/adapters/ssm-stage';
import { FakeModelDeployer } from '../../src/deployment/fake-model-deployer';
import { Interrupts } from '../../src/interrupts';
import { runCommandLine } from '../../src/run-command-line';
import { ScriptedAws } from './scripted-aws';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLineOptions {
  readonly aws: ScriptedAws;
  readonly deployer?: FakeModelDeployer;
  readonly environment?: Record<string, string>;
  readonly onOutput?: (text: string, interrupts: Interrupts) => void;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pipeline-'));
}

/** Files with something in them, by path below the folder. */
export function writeFiles(folder: string, ...paths: readonly string[]): string {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  return folder;
}

/** A folder that has all that is asked of training data by the look of it. */
export function photoFolder(): string {
  return writeFiles(join(temporaryFolder(), 'My Flowers'), 'rose/1.jpg', 'rose/2.jpg', 'tulip/1.png');
}

export async function pipeline(argv: readonly string[], options: CommandLineOptions): Promise<Answer> {
  const { aws, deployer = new FakeModelDeployer(), environment = {}, onOutput } = options;
  const written = { stdout: '', stderr: '' };
  const interrupts = new Interrupts(() => undefined);
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (chunk: string) => {
      written[name] += chunk;
      onOutput?.(chunk, interrupts);
    },
  });
  const code = await runCommandLine({
    output: { stdout: stream('stdout'), stderr: stream('stderr'), isColoured: false },
    interrupts,
    connect: connector({
      environment,
      productFolder: distFile('..'),
      startLocalSageMaker: () =>
        Promise.resolve({
          url: aws.url,
          runningEndpoint: () => Promise.resolve(undefined),
          stop: () => Promise.resolve(),
        }),
      jobLogFile: (state, { name }) => state.path('logs', `${name}.txt`),
      deployer,
      pollIntervalMs: 10,
    }),
    findStage,
    userName: 'ann',
    argv,
    startInBackground: () => Promise.reject(new Error('not here')),
    openInBrowser: () => undefined,
    now: () => new Date('2026-11-23T10:01:00Z'),
    exitCode: 0,
  });
  return { code, ...written };
}

/** The file of an object in a state folder. */
export function localObject(state: string, uri: string): string {
  return new LocalS3(new StateFolder(state)).pathOf(uri);
}

export function startProcess(argv: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [distFile('apps/pipeline/src/main.js'), ...argv], {
    env: { TMPDIR: tmpdir(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function answerOf(child: ChildProcess): Promise<Answer> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new TypeError('the process was started without pipes');
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const [out, err, code] = await Promise.all([text(stdout), text(stderr), ended]);
  return { code, stdout: out, stderr: err };
}
