// moto, an imitation of AWS by other people, as a process that lasts as long as a test does.
import { spawn, spawnSync } from 'node:child_process';
import { until } from './conditions';

export const hasMoto = spawnSync('moto_server', ['--help']).status === 0;

export interface Moto {
  /** For clients of the AWS SDK. */
  readonly clientOptions: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): void;
}

export async function startMoto(): Promise<Moto> {
  const server = spawn('moto_server', ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => /Running on (http:\S+)/.test(said));
  return {
    clientOptions: {
      endpoint: /Running on (http:\S+)/.exec(said)?.[1] ?? '',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    stop: () => void server.kill('SIGKILL'),
  };
}
