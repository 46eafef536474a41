// The commands of tools/aws as a person starts them: processes, whose words and exit codes are looked at.
import { PRODUCT_ROOT } from '@app/platform';
import { ChildProcess, ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  /** What it has said so far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<CommandResult>;
}

const MAIN = join(PRODUCT_ROOT, 'dist', 'tools', 'aws', 'main.js');

/** @param url of the AWS double; without one there is neither account nor region. */
export function startCommand(parameters: readonly string[], url?: string): RunningCommand {
  return follow(
    spawn(process.execPath, [MAIN, ...parameters], { env: environmentFor(url), stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

/** Whether a command can be given a terminal: `script` of util-linux. */
export const hasTerminals = spawnSync('script', ['--version']).status === 0;

/** In a terminal of 80 columns with colours, where it can ask; the answer is typed when it has. */
export async function runInTerminal(
  parameters: readonly string[],
  url: string,
  answer: string,
): Promise<CommandResult> {
  const words = [process.execPath, MAIN, ...parameters].map((word) => `'${word}'`).join(' ');
  const command = `stty cols 80 rows 24 -echo; exec ${words}`;
  const { NO_COLOR: _, ...environment } = environmentFor(url);
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...environment, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const running = follow(child);
  let isTyped = false;
  child.stdout.on('data', () => {
    if (isTyped || !/(\[y\/N\]|take it away \([a-z]+\):) $/.test(withoutColours(running.said.stdout))) return;
    isTyped = true;
    child.stdin.write(`${answer}\n`);
  });
  return running.ended;
}

export function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- what terminals are told begins with one
  return text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

function environmentFor(url: string | undefined): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _, ...environment } = process.env;
  return {
    ...environment,
    ...(url === undefined
      ? { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
      : {
          AWS_ENDPOINT_URL: url,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        }),
  };
}

function follow(child: ChildProcessByStdio<Writable | null, Readable, Readable>): RunningCommand {
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<CommandResult>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return { process: child, said, ended };
}

export function runCommand(parameters: readonly string[], url?: string): Promise<CommandResult> {
  return startCommand(parameters, url).ended;
}
