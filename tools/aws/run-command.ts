/** One command, from what was typed to the exit code. */
import { CommanderError } from 'commander';
import { CommandError, ExitCode } from '../../apps/pipeline/src/command.error';
import { reasonOf } from '../../apps/pipeline/src/reason-of';
import { errorName } from './aws-problems';
import { CommandContext } from './command-context';
import { createProgram } from './create-program';

/** What can be typed that asks for help and is no mistake. */
const HELP = /^commander\.help/;

export async function runCommand(context: CommandContext): Promise<ExitCode> {
  const { stderr } = context.output;
  try {
    await createProgram(context).parseAsync([...context.argv], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // It has said everything itself.
    if (error instanceof CommanderError) return HELP.test(error.code) ? ExitCode.done : ExitCode.usage;
    const trace = context.argv.includes('--debug') && error instanceof Error ? `${error.stack ?? ''}\n` : '';
    if (error instanceof CommandError) {
      stderr.write(`\n${context.screen.paint(error.message, 'red')}\n${trace}`);
      return error.exitCode;
    }
    stderr.write(`\n${context.screen.paint(`${errorName(error)}: ${reasonOf(error)}`, 'red')}\n${trace}`);
    stderr.write('Whatever was begun can be taken up again by the same command (--debug shows where it stopped).\n');
    return ExitCode.failed;
  }
}
