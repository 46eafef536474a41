import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(__dirname, '..', '..', 'src', 'main.js');

/** The monitor program as a process of its own, on free ports. */
export class MonitorProcess {
  readonly exit: Promise<number | null>;
  stdout = '';
  stderr = '';
  private readonly process: ChildProcess;

  constructor(env: Readonly<Record<string, string>> = {}) {
    const ports = { MONITOR_PORT: '0', MONITOR_HTTP_PORT: '0', MONITOR_HOST: '127.0.0.1' };
    const pace = { DRAIN_DELAY_MS: '0', MONITOR_SAVE_SECONDS: '1', MONITOR_LOOK_SECONDS: '1' };
    this.process = spawn(process.execPath, [MAIN], { env: { ...ports, ...pace, ...env } });
    this.process.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    this.process.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.exit = once(this.process, 'close').then(([code]) => code as number | null); // ChildProcess's documented event
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('monitor was not started');
    return this.process.pid;
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  async messagePort(): Promise<number> {
    return Number((await this.line(/"messagePort":(\d+)/))[1]);
  }

  async url(): Promise<string> {
    return `http://127.0.0.1:${(await this.line(/"port":(\d+),"host":[^\n]*"listening"/))[1]}`;
  }

  /** Waits until it has logged something like this. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match !== null) return match;
      const ended = await Promise.race([this.exit, new Promise<'waiting'>((r) => setTimeout(() => r('waiting'), 20))]);
      if (ended !== 'waiting') throw new Error(`monitor ended with ${ended}: ${this.stderr}${this.stdout}`);
    }
  }
}
