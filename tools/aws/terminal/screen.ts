/** What a command writes for a person: one place for colours, widths and questions. */
import { Output } from '../../../apps/pipeline/src/output/output';
import { wrap } from './wrap';
import { cut } from '../../../apps/pipeline/src/output/table';

const COLOURS = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;
export type Colour = keyof typeof COLOURS;

/** Where nobody looks, lines are as long as they are. */
const NO_LIMIT = Infinity;

export class Screen {
  constructor(private readonly output: Output) {}

  /** Columns of the terminal. */
  get columns(): number {
    return this.output.stdout.isTTY === true ? (this.output.stdout.columns ?? 80) : NO_LIMIT;
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.output.stdout.write(`${line}\n`);
  }

  /** A line of a list: what does not fit is cut, so that columns stay columns. */
  row(line: string, colour?: Colour): void {
    this.say(this.paint(Number.isFinite(this.columns) ? cut(line, this.columns) : line, colour));
  }

  /** A line of which nothing may be lost: what does not fit goes on below, indented. */
  item(line: string, indent: number, colour?: Colour): void {
    for (const each of wrap(line, this.columns, indent)) this.say(this.paint(each, colour));
  }

  heading(text: string): void {
    this.say('', this.paint(text, 'bold'));
  }

  warn(text: string): void {
    this.say(this.paint(`Warning: ${text}`, 'yellow'));
  }

  paint(text: string, colour: Colour | undefined): string {
    return this.output.isColoured && colour !== undefined ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }
}
