/** One command, from what was typed to the exit code. */
import { CommanderError } from 'commander';
import { types } from 'node:util';
import { CommandError, ExitCode } from './command.error';
import { CommandContext } from './command-context';
import { createProgram } from './create-program';
import { reasonOf } from './reason-of';

/** What can be typed that asks for help and is no mistake. */
const HELP = 'commander.helpDisplayed';

export async function runCommandLine(context: CommandContext): Promise<ExitCode> {
  const { stderr } = context.output;
  try {
    await createProgram(context).parseAsync([...context.argv], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // It has said everything itself.
    if (error instanceof CommanderError) return error.code === HELP ? ExitCode.done : ExitCode.usage;
    const isDebugged = context.argv.includes('--debug');
    if (error instanceof CommandError) {
      stderr.write(`${error.message}\n${isDebugged ? `${traceOf(error)}\n` : ''}`);
      return error.exitCode;
    }
    stderr.write(isDebugged ? `${traceOf(error)}\n` : `Unexpected: ${reasonOf(error)} (--debug shows where).\n`);
    return ExitCode.failed;
  }
}

/** With what caused it. */
function traceOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const trace = error.stack ?? error.message;
  return error.cause === undefined ? trace : `${trace}\ncaused by ${traceOf(error.cause)}`;
}
