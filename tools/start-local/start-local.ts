/** `npm start`: the whole system on this machine, from the command line to the exit code. */
import { distFile, Environment } from '@app/sagemaker-local';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { choosePorts, PortError } from './choose-ports';
import { FeedbackKeyError, feedbackKeyIn } from './feedback-key';
import { LocalSystem, TierError } from './local-system';
import { LogPrinter } from './log-printer';
import { faultOfModelPackage } from './model-package';
import { DEFAULT_MODEL, HELP, parseOptions, UsageError } from './options';
import { reachable, SystemPlan, tiersOf } from './tiers';

/** sysexits.h, EX_USAGE. */
const EXIT_CODE_USAGE = 64;
/** npm passes on the Ctrl-C that the terminal has sent to this process as well. */
const SAME_INTERRUPT_MS = 500;

export interface StarterContext {
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
  /** Calls the listener each time the user wants to stop. */
  readonly onInterrupt: (listener: () => void) => void;
  readonly scripts?: SystemPlan['scripts'];
}

/** Nothing can be started; the message says why. */
class StartError extends Error {}

const SCRIPTS: SystemPlan['scripts'] = {
  endpoint: distFile('libs/sagemaker-local/src/main.js'),
  monitor: distFile('apps/monitor/src/main.js'),
  was: distFile('apps/was/src/main.js'),
  web: distFile('apps/web/src/main.js'),
};

/** Runs until the user stops it or a tier ends that the others need, and gives the exit code. Then no process is left. */
export async function startLocal(context: StarterContext): Promise<number> {
  const { argv, environment, stdout, stderr } = context;
  const printer = new LogPrinter({
    write: (text) => stdout.write(text),
    isColoured: stdout.isTTY === true && !environment['NO_COLOR'],
    level: environment['LOG_LEVEL'] || 'info',
  });
  try {
    const options = parseOptions(argv);
    if (options.help) {
      stdout.write(HELP);
      return 0;
    }
    const packageDir = requireModelPackage(options.model ?? DEFAULT_MODEL);
    const stateDir = resolve(options.state);
    const model = { packageDir, isPreferred: options.model !== undefined, stateDir };
    const ports = await choosePorts(options, (text) => printer.say(text));
    const feedbackKey = environment['WAS_FEEDBACK_KEY'] || feedbackKeyIn(stateDir);
    const { scripts = SCRIPTS } = context;
    return await run({ scripts, ports, host: options.host, model, feedbackKey, environment }, context, printer);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${error.message} See npm start -- --help.\n`);
      return EXIT_CODE_USAGE;
    }
    if (error instanceof StartError || error instanceof PortError || error instanceof FeedbackKeyError) {
      stderr.write(`${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

async function run(plan: SystemPlan, { onInterrupt, stderr }: StarterContext, printer: LogPrinter): Promise<number> {
  const system = new LocalSystem(printer);
  const interrupted = new Promise<number>((resolve) => {
    let firstAt: number | undefined;
    onInterrupt(() => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        printer.say('Stopping (Ctrl-C again to stop at once) ...');
        resolve(0);
      } else if (Date.now() - firstAt > SAME_INTERRUPT_MS) {
        system.kill();
      }
    });
  });
  const died = live(system, plan, printer).catch((error: unknown) => {
    if (!(error instanceof TierError)) throw error;
    if (!system.isStopping) stderr.write(`${error.message}. Stopping the rest.\n`);
    return 1;
  });
  const exitCode = await Promise.race([died, interrupted]).finally(() => system.stop());
  printer.say('Stopped.');
  return exitCode;
}

/** Starts the tiers and ends with the first that the others need and that ends. */
async function live(system: LocalSystem, plan: SystemPlan, printer: LogPrinter): Promise<never> {
  const started = Date.now();
  for (const tier of tiersOf(plan)) await system.start(tier);
  const page = `http://${reachable(plan.host)}:${plan.ports.web}`;
  const health = await system.waitFor(`${page}/health`, 'the way from web to the model');
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  printer.say(`\nReady after ${seconds} s: ${addressesOf(plan).join(' or ')}${modelOf(health)}. Ctrl-C stops it.\n`);
  throw await system.death;
}

function requireModelPackage(folder: string): string {
  const fault = faultOfModelPackage(folder);
  if (fault === undefined) return resolve(folder);
  throw new StartError(
    `The model cannot be served: ${fault}. A model package is a folder with model.json and model.onnx; name it with --model.`,
  );
}

function addressesOf({ host, ports }: SystemPlan): string[] {
  if (host === '127.0.0.1') return [`http://localhost:${ports.web}`];
  if (host !== '0.0.0.0' && host !== '::') return [`http://${reachable(host)}:${ports.web}`];
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `http://${address}:${ports.web}`);
  return [`http://localhost:${ports.web}`, ...others];
}

/** ` (everyday-objects 1.0.0)`, from what web says of the tiers. */
function modelOf(health: string): string {
  try {
    const { tiers } = JSON.parse(health) as { tiers?: { name?: string; version?: string }[] }; // checked by use
    const version = tiers?.find(({ name }) => name === 'model')?.version;
    return version === undefined ? '' : ` (model ${version})`;
  } catch {
    return '';
  }
}
