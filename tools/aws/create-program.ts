/** The commands, as they can be typed. */
import { Command } from 'commander';
import { CommandContext } from './command-context';
import { costCommand } from './cost/cost.command';
import { deployCommand } from './deploy/deploy.command';
import { releaseCommand } from './release/release.command';
import { destroyCommand } from './destroy/destroy.command';

export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.output;
  const program = new Command('npm run')
    .description('Puts the system into an AWS account, and takes it away again.')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    })
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(--help shows what can be said.)');
  for (const make of [deployCommand, releaseCommand, destroyCommand, costCommand]) {
    const command = make(context).copyInheritedSettings(program);
    // npm takes what stands before `--` for itself.
    command.usage('-- [options]');
    program.addCommand(command);
  }
  return program;
}
