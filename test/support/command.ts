// The commands of tools/aws as a person starts them: processes, whose words and exit codes are looked at.
import { PRODUCT_ROOT } from '@app/platform';
import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
}

const MAIN = join(PRODUCT_ROOT, 'dist', 'tools', 'aws', 'main.js');

/** @param url of the AWS double; without one there is neither account nor region. */
export function startCommand(parameters: readonly string[], url?: string): RunningCommand {
  const { AWS_PROFILE: _, ...environment } = process.env;
  const child = spawn(process.execPath, [MAIN, ...parameters], {
    env: {
      ...environment,
      ...(url === undefined
        ? { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
        : {
            AWS_ENDPOINT_URL: url,
            AWS_REGION: 'us-east-1',
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: 'test',
          }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<CommandResult>((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  return { process: child, ended };
}

export function runCommand(parameters: readonly string[], url?: string): Promise<CommandResult> {
  return startCommand(parameters, url).ended;
}
