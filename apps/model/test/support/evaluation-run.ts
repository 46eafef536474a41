// A processing job `evaluate` in SageMaker's folders, which lasts as long as a test does.
import { EvaluationInput, EvaluationReport, TestPredictions } from '@app/contracts/learning';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Rgb, twoColours } from './colour-image';
import { writeColourPackage } from './colour-package';
import { ModelProcess } from './model-process';

const TAMPERED_SERVING = join(__dirname, 'tampered-serving.js');
const PIXEL: Readonly<Record<string, Rgb>> = { red: [250, 0, 0], green: [0, 250, 0], blue: [0, 0, 250] };

export class EvaluationRun {
  readonly base = mkdtempSync(join(tmpdir(), 'evaluation-run-'));
  readonly pidFile = join(this.base, 'serving.pid');
  private process: ModelProcess | undefined;

  input(name: keyof typeof EvaluationInput, path = ''): string {
    return join(this.base, 'processing', 'input', name, path);
  }

  async model(
    ...[manifest, options]: [manifest?: object, options?: Parameters<typeof writeColourPackage>[2]]
  ): Promise<void> {
    await writeColourPackage(this.input('model'), manifest, options);
  }

  /** Photos that are mostly of their class's colour, each another: `counts` of them in the folders of an input. */
  async photos(name: keyof typeof EvaluationInput, counts: Readonly<Record<string, number>>): Promise<void> {
    for (const [folder, count] of Object.entries(counts)) {
      for (let index = 0; index < count; index += 1) await this.photo(name, `${folder}/${index}.png`, folder, index);
    }
  }

  /** A photo of a colour by name; another `shade` is another photo. */
  async photo(name: keyof typeof EvaluationInput, path: string, colour: string, shade = 0): Promise<void> {
    const main = PIXEL[colour] ?? [120, 120, 120];
    const other = main.map((value) => Math.abs(value - shade)) as [number, number, number]; // as many as there were
    this.put(name, path, await twoColours(main, other));
  }

  put(name: keyof typeof EvaluationInput, path: string, content: Buffer | string): void {
    mkdirSync(dirname(this.input(name, path)), { recursive: true });
    writeFileSync(this.input(name, path), content);
  }

  start(environment: Readonly<Record<string, string>> = {}): ModelProcess {
    this.process = new ModelProcess(['evaluate'], {
      SAGEMAKER_BASE_DIR: this.base,
      TMPDIR: this.base, // a process that is killed leaves its temporary files
      MODEL_WORKERS: '1',
      NODE_OPTIONS: `--require ${TAMPERED_SERVING}`,
      TAMPER_PID_FILE: this.pidFile,
      ...environment,
    });
    return this.process;
  }

  /** Runs to the end, which has to be a good one. */
  async evaluate(environment: Readonly<Record<string, string>> = {}): Promise<EvaluationReport> {
    const job = this.start(environment);
    const code = await job.exit;
    if (code !== 0) throw new Error(`the evaluation ended with ${code}: ${job.stderr}${job.stdout}`);
    return JSON.parse(this.result('evaluation.json')) as EvaluationReport;
  }

  /** Runs to the end, which has to be a bad one: the exit code, and the sentence that is said of it. */
  async fail(environment: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; sentence: string }> {
    const job = this.start(environment);
    const code = await job.exit;
    return { code, sentence: job.stderr.trimEnd().split('\n').at(-1) ?? '' };
  }

  get predictions(): TestPredictions {
    return JSON.parse(this.result('predictions.json')) as TestPredictions;
  }

  result(name: string): string {
    return readFileSync(join(this.base, 'processing', 'output', 'evaluation', name), 'utf8');
  }

  get results(): string[] {
    const folder = join(this.base, 'processing', 'output', 'evaluation');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  get message(): string | undefined {
    const file = join(this.base, 'output', 'message');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  get servingPid(): number | undefined {
    return existsSync(this.pidFile) ? Number(readFileSync(this.pidFile, 'utf8')) : undefined;
  }

  async remove(): Promise<void> {
    this.process?.signal('SIGKILL');
    await this.process?.exit;
    rmSync(this.base, { recursive: true, force: true });
  }
}
