/** Shows a run while it goes: on a terminal one block that is kept current, elsewhere a line for each change. */
import { clock, duration } from '../output/figures';
import { TextStream } from '../output/output';
import { cut, width } from '../output/table';
import { durationOf, Run, RunStep } from '../runs/run';

export interface RunDisplay {
  update(run: Run, progress: ReadonlyMap<string, string>): void;
  /** Leaves what is shown as it is; nothing follows. */
  end(): void;
}

export interface DisplayOptions {
  readonly stream: TextStream;
  readonly isColoured: boolean;
  readonly now?: () => Date;
}

export function runDisplay(options: DisplayOptions): RunDisplay {
  return options.stream.isTTY === true ? new BlockDisplay(options) : new LineDisplay(options);
}

/** Between two lines of progress of the same step. */
const LINE_INTERVAL_MS = 5000;

/** For logs and pipes. */
class LineDisplay implements RunDisplay {
  readonly #states = new Map<string, string>();
  readonly #progress = new Map<string, { sentence: string; at: number }>();
  readonly #now: () => Date;

  constructor(private readonly options: DisplayOptions) {
    this.#now = options.now ?? (() => new Date());
  }

  update(run: Run, progress: ReadonlyMap<string, string>): void {
    const now = this.#now();
    for (const step of run.steps) {
      // A run that goes on shows for a moment how it had ended before.
      if (run.state === 'running' && (step.state === 'failed' || step.state === 'stopped')) continue;
      const said = stateWords(step, now);
      if (this.#states.get(step.name) !== step.state) {
        this.#states.set(step.name, step.state);
        this.#say(step, said);
      }
      const sentence = progress.get(step.name);
      const last = this.#progress.get(step.name);
      if (sentence === undefined || sentence === last?.sentence) continue;
      if (last !== undefined && now.getTime() - last.at < LINE_INTERVAL_MS) continue;
      this.#progress.set(step.name, { sentence, at: now.getTime() });
      this.#say(step, sentence);
    }
  }

  end(): void {
    // Every line is there already.
  }

  #say({ name }: RunStep, words: string): void {
    this.options.stream.write(`${name}: ${words}\n`);
  }
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const SPIN_INTERVAL_MS = 120;

/** Of a terminal that does not tell, or tells 0. */
const DEFAULT_COLUMNS = 80;

/** Goes up to the block's first line and removes all from there on (ECMA-48: CUU, ED). */
const upAndClear = (lines: number) => (lines === 0 ? '' : `\x1b[${lines}A\x1b[0J`);

class BlockDisplay implements RunDisplay {
  #shown = 0;
  #turn = 0;
  #state: { run: Run; progress: ReadonlyMap<string, string> } | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => Date;

  constructor(private readonly options: DisplayOptions) {
    this.#now = options.now ?? (() => new Date());
    this.#timer = setInterval(() => this.#draw(), SPIN_INTERVAL_MS);
    this.#timer.unref();
  }

  update(run: Run, progress: ReadonlyMap<string, string>): void {
    this.#state = { run, progress };
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #draw(): void {
    if (this.#state === undefined) return;
    const { run, progress } = this.#state;
    const names = Math.max(0, ...run.steps.map(({ name }) => width(name)));
    const now = this.#now();
    this.#turn += 1;
    const lines = run.steps.map((step) => this.#line(step, names, progress.get(step.name), now));
    this.options.stream.write(upAndClear(this.#shown) + lines.map((line) => `${line}\n`).join(''));
    this.#shown = lines.length;
  }

  #line(step: RunStep, names: number, sentence: string | undefined, now: Date): string {
    const elapsed = clock(durationOf(step, now) ?? 0).padStart(7);
    const words = step.state === 'running' ? (sentence ?? '') : stateWords(step, now, true);
    const text = `${step.name.padEnd(names)} ${elapsed}  ${words}`.trimEnd();
    return `${this.#mark(step)} ${cut(text, (this.options.stream.columns || DEFAULT_COLUMNS) - 3)}`;
  }

  #mark({ state, passed, refusal }: RunStep): string {
    const paint = (colour: number, text: string) => (this.options.isColoured ? `\x1b[${colour}m${text}\x1b[0m` : text);
    if (refusal !== undefined || passed === false) return paint(33, '!');
    if (state === 'succeeded') return paint(32, '✓');
    if (state === 'failed') return paint(31, '✗');
    if (state === 'stopped' || state === 'stopping') return paint(33, '■');
    return paint(36, SPINNER[this.#turn % SPINNER.length] ?? ' ');
  }
}

/** What became of a step; `short` where its time stands beside it. */
export function stateWords(step: RunStep, now: Date, short = false): string {
  if (step.refusal !== undefined) return 'the gate refuses the model';
  switch (step.state) {
    case 'starting':
      return 'starting';
    case 'running':
      return 'running';
    case 'stopping':
      return 'stopping';
    case 'stopped':
      return 'stopped';
    case 'failed':
      return short
        ? firstLine(step.failure ?? 'failed')
        : `failed${step.failure ? `: ${firstLine(step.failure)}` : ''}`;
    case 'succeeded':
      break;
  }
  if (step.cached) return 'taken from an earlier run with the same inputs';
  if (step.passed !== undefined) return step.passed ? 'passed' : 'not passed';
  if (step.version !== undefined) return `version ${step.version}`;
  return short ? '' : `done in ${duration(durationOf(step, now) ?? 0)}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
