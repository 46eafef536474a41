// What a job says, line by line: sentences for people, and among them lines that programs find.
import { metricLine, PROGRESS_PREFIX, TrainingMetricName } from '@app/contracts/learning';
import { LeftOut } from '@app/learning';
import { count } from './figures';

export type Metrics = Readonly<Partial<Record<TrainingMetricName, number>>>;

const PROGRESS_INTERVAL_MS = 1000;
const LEFT_OUT_SHOWN = 20;

export class JobLog {
  private phase = '';
  private shownAt = 0;
  /** The newest state of the phase, while it is not shown. */
  private waiting: readonly string[] = [];

  constructor(
    private readonly write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
    private readonly now: () => number = () => performance.now(),
  ) {}

  say(sentence: string): void {
    this.endPhase();
    this.write(sentence);
  }

  warn(sentence: string): void {
    this.say(`Warning: ${sentence}`);
  }

  /** How far a phase is: the first and the last state of each phase are shown, and one a second between them. */
  progress(phase: string, state?: string, metrics: Metrics = {}): void {
    if (phase !== this.phase) this.endPhase();
    this.waiting = [`${PROGRESS_PREFIX}${phase}${state === undefined ? '' : `: ${state}`}`, ...linesOf(metrics)];
    if (phase !== this.phase || this.now() - this.shownAt >= PROGRESS_INTERVAL_MS) this.show();
    this.phase = phase;
  }

  /** Tells the progress of a phase that is done item by item. */
  counter(phase: string): (progress: { readonly done: number; readonly total: number }) => void {
    return ({ done, total }) => this.progress(phase, `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`);
  }

  metrics(metrics: Metrics): void {
    this.endPhase();
    for (const line of linesOf(metrics)) this.write(line);
  }

  /** `of`: what they are left out of. */
  leftOut(of: string, files: readonly LeftOut[]): void {
    if (files.length === 0) return;
    this.say(`${count(files.length, 'file or folder', 'files or folders')} left out of ${of}:`);
    for (const { path, message } of files.slice(0, LEFT_OUT_SHOWN)) this.write(`  ${path} ${message}`);
    if (files.length > LEFT_OUT_SHOWN) this.write(`  and ${files.length - LEFT_OUT_SHOWN} more`);
  }

  /** Shows the last state of the phase that is over. */
  endPhase(): void {
    if (this.waiting.length > 0) this.show();
    this.phase = '';
  }

  private show(): void {
    for (const line of this.waiting) this.write(line);
    this.waiting = [];
    this.shownAt = this.now();
  }
}

function linesOf(metrics: Metrics): string[] {
  // Object.entries forgets that the names are the metrics' own.
  return (Object.entries(metrics) as [TrainingMetricName, number][]).map(([name, value]) => metricLine(name, value));
}
