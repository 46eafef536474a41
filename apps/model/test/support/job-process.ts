import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(__dirname, '..', '..', 'src', 'main.js');

export interface FinishedJob {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job of the model container that comes to an end, as a process of its own. */
export class JobProcess {
  readonly finished: Promise<FinishedJob>;
  private stdout = '';
  private stderr = '';
  private readonly process: ChildProcess;

  /** `environment` is all that the process has, besides the folder for temporary files. */
  constructor(job: string, environment: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [MAIN, job], { env: { TMPDIR: tmpdir(), ...environment } });
    this.process.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    this.process.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.finished = once(this.process, 'close').then(([code]) => ({
      code: code as number | null, // ChildProcess's documented event
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Waits for a line on stdout. Throws when the job ends without it. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      const ended = await Promise.race([this.finished, new Promise<undefined>((next) => setTimeout(next, 5))]);
      if (ended !== undefined && !pattern.test(this.stdout)) throw new Error(`${ended.stdout}${ended.stderr}`);
    }
  }
}
