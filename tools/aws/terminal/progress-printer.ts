/** Shows what happens while it happens: lines with a running clock, and one now and then while nothing moves. */
import { clock } from '../../../apps/pipeline/src/output/figures';
import { Colour, Screen } from './screen';

/** Nobody likes to look at a screen where nothing moves for longer. */
const REMIND_AFTER_MS = 30_000;
/** Behind the clock. */
const INDENT = ' '.repeat(9);

export class ProgressPrinter {
  #startedAt: number;
  #saidAt: number;

  constructor(
    private readonly screen: Screen,
    private readonly now: () => number = Date.now,
  ) {
    this.#startedAt = this.#saidAt = now();
  }

  begin(heading: string): void {
    this.#startedAt = this.#saidAt = this.now();
    this.screen.heading(heading);
  }

  say(text: string): void {
    this.#saidAt = this.now();
    this.screen.say(text);
  }

  row(word: string, text: string, colour?: Colour): void {
    this.#saidAt = this.now();
    this.screen.row(`  ${clock(this.now() - this.#startedAt).padStart(5)}  ${word.padEnd(10)}  ${text}`, colour);
  }

  /** Below a row; undefined says nothing. */
  detail(text: string | undefined): void {
    if (text === undefined) return;
    this.#saidAt = this.now();
    this.screen.row(`${INDENT}${text}`, 'dim');
  }

  remind(text: string): void {
    if (this.now() - this.#saidAt >= REMIND_AFTER_MS) this.row('...', text, 'dim');
  }
}
