/** What can be said on the command line of `npm start`. */
import { parseArgs } from 'node:util';

export interface StartOptions {
  readonly help: boolean;
  /** Port of the page; undefined takes the default or the next free one. */
  readonly port: number | undefined;
  /** Address that the page is served on. */
  readonly host: string;
  /** Folder of the model package, as it was given; undefined serves what has been deployed, and before that what ships. */
  readonly model: string | undefined;
  /** Folder of what is registered and deployed on this machine, as it was given. */
  readonly state: string;
  /** Whether something watches what the model sees. */
  readonly monitor: boolean;
}

export const DEFAULT_MODEL = 'models/everyday-objects';
export const DEFAULT_STATE = '.aws-local';

export const HELP = `Starts the whole system on this machine and tells the address when a photo can be sent.

  npm start
  npm start -- [options]

Options
  --port <number>    port of the page (default: 8000, or the next free one)
  --model <folder>   model package to serve at first, whatever has been deployed: a folder with
                     model.json and model.onnx (default: what has been deployed with
                     npm run pipeline, and before that ${DEFAULT_MODEL})
  --state <folder>   what is registered and deployed on this machine, feedback, and what monitor has
                     seen; a deployment is taken over while the system runs (default: ${DEFAULT_STATE})
  --host <address>   address to serve the page on (default: 127.0.0.1, this machine only;
                     0.0.0.0 lets a phone in the same network try it)
  --no-monitor       without the part that watches what the model sees: /status then shows no figures
  --help             this text

LOG_LEVEL=debug shows more, LOG_LEVEL=warn less; NO_COLOR=1 switches colours off. Ctrl-C stops everything.
`;

/** The command line makes no sense. The message says what to change. */
export class UsageError extends Error {}

export function parseOptions(argv: readonly string[]): StartOptions {
  const { port, host, model, state, help, 'no-monitor': noMonitor } = parse(argv);
  if (port !== undefined && !(/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw new UsageError(`--port must be a number between 1 and 65535, not "${port}".`);
  }
  for (const [name, value] of Object.entries({ host, model, state })) {
    if (value === '') throw new UsageError(`--${name} must not be empty.`);
  }
  return { help, host, model, state, monitor: !noMonitor, port: port === undefined ? undefined : Number(port) };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        model: { type: 'string' },
        state: { type: 'string', default: DEFAULT_STATE },
        'no-monitor': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // Node's texts name the argument; what they add on further lines and about `--` is of no use here.
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(text.replace(/\n.*$|\. To specify a positional argument.*$/s, '').replace(/\.?$/, '.'));
  }
}
