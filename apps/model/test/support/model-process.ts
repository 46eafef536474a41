import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(__dirname, '..', '..', 'src', 'main.js');
const DYING_WORKERS = join(__dirname, 'dying-workers.js');

/** The model container's program as a process of its own, on a free port. */
export class ModelProcess {
  readonly exit: Promise<number | null>;
  stdout = '';
  stderr = '';
  private readonly process: ChildProcess;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, ['--require', DYING_WORKERS, MAIN, ...args], {
      env: { SAGEMAKER_BIND_TO_PORT: '0', MODEL_HOST: '127.0.0.1', DRAIN_DELAY_MS: '0', ...env },
    });
    this.process.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    this.process.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.exit = once(this.process, 'close').then(([code]) => code as number | null); // ChildProcess's documented event
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Its address, as soon as it says that it listens. */
  async address(): Promise<string> {
    const [, port] = await this.line(/"port":(\d+),"host":[^\n]*"listening"/);
    return `http://127.0.0.1:${port}`;
  }

  async ready(): Promise<void> {
    await this.line(/"model is ready"/);
  }

  private async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match !== null) return match;
      const ended = await Promise.race([this.exit, new Promise<'waiting'>((r) => setTimeout(() => r('waiting'), 20))]);
      if (ended !== 'waiting') throw new Error(`the model process ended with ${ended}: ${this.stderr}${this.stdout}`);
    }
  }
}
