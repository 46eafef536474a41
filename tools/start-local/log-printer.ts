/** Writes what the tiers log so that a person can read it: one prefix per tier, JSON lines as text, the rest as it is. */

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Level = (typeof LEVELS)[number];

/** In the order of a request's way; the width of the prefix comes from here. */
const LABEL_WIDTH = 'endpoint'.length;

/** ANSI colours; none of them is red or yellow, which tell the level. */
const TIER_COLOURS: Readonly<Record<string, number>> = { web: 36, was: 35, monitor: 96, endpoint: 34, model: 32 };
const LEVEL_COLOURS: Readonly<Partial<Record<Level, number>>> = { warn: 33, error: 31, fatal: 31 };
const DIM = 2;

/** Fields that a person at a terminal has no use for, or that are shown in a place of their own. */
const HIDDEN_FIELDS = new Set([
  'level',
  'time',
  'msg',
  'pid',
  'hostname',
  'service',
  'context',
  'traceId',
  'status',
  'err',
]);

/** What Nest says while it starts: a line for every module and route. */
const BOOTSTRAP_CONTEXTS =
  /^(NestFactory|NestApplication|NestMicroservice|InstanceLoader|RoutesResolver|RouterExplorer)$/;

export interface LogPrinterOptions {
  readonly write: (text: string) => void;
  readonly isColoured: boolean;
  /** Least level that is shown; from debug on also what Nest says while it starts. */
  readonly level: string;
}

export class LogPrinter {
  readonly #leastLevel: number;

  constructor(private readonly options: LogPrinterOptions) {
    const index = LEVELS.findIndex((level) => level === options.level);
    // `silent` is a level that nothing reaches; an unknown one is for the tiers to refuse.
    this.#leastLevel = options.level === 'silent' ? LEVELS.length : index === -1 ? LEVELS.indexOf('info') : index;
  }

  /** A line of the starter itself, which is always shown. */
  say(text: string): void {
    this.options.write(`${text}\n`);
  }

  /** A line that a tier wrote. */
  print(tier: string, line: string): void {
    const record = parseRecord(line);
    if (record === undefined) {
      if (line !== '') this.#write(tier, line);
      return;
    }
    const level = levelOf(record['level']);
    if (LEVELS.indexOf(level) < this.#leastLevel) return;
    const isBootstrap = BOOTSTRAP_CONTEXTS.test(textOf(record['context'])) && level === 'info';
    if (isBootstrap && this.#leastLevel >= LEVELS.indexOf('info')) return;

    const label = textOf(record['service']) || tier;
    const message = [textOf(record['msg']), ...fieldsOf(record)].filter((part) => part !== '').join(' ');
    const time = this.#colour(timeOf(record['time']), DIM);
    this.#write(label, `${time} ${this.#colour(level.padEnd(5), LEVEL_COLOURS[level])} ${message}`);
    for (const stackLine of stackOf(record['err'])) this.#write(label, this.#colour(`         ${stackLine}`, DIM));
  }

  #write(label: string, text: string): void {
    this.options.write(`${this.#colour(label.padEnd(LABEL_WIDTH), TIER_COLOURS[label])} | ${text}\n`);
  }

  #colour(text: string, code: number | undefined): string {
    return this.options.isColoured && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** A line is a log record when it is a JSON object with a level and a message. */
function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as Record<string, unknown>; // it starts with a brace, so it is an object
    return 'level' in record && 'msg' in record ? record : undefined;
  } catch {
    return undefined;
  }
}

/** pino writes `info`, or 30. */
function levelOf(level: unknown): Level {
  const named = typeof level === 'number' ? LEVELS[Math.floor(level / 10) - 1] : LEVELS.find((name) => name === level);
  return named ?? 'info';
}

function timeOf(time: unknown): string {
  const date = typeof time === 'string' || typeof time === 'number' ? new Date(time) : new Date(NaN);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}

function fieldsOf(record: Record<string, unknown>): string[] {
  return Object.entries(record)
    .filter(([name, value]) => !HIDDEN_FIELDS.has(name) && value !== undefined && value !== null)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`,
    );
}

function stackOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const text = 'stack' in error ? error.stack : 'message' in error ? error.message : undefined;
  return textOf(text)
    .split('\n')
    .filter((line) => line !== '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
