/** The commands, as they can be typed. */
import { Command, Option } from 'commander';
import { CommandContext } from './command-context';
import { costCommand } from './cost/cost.command';
import { deployCommand } from './deploy/deploy.command';
import { DEFAULT_PROJECT } from './stage/areas';
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
  for (const make of [deployCommand, destroyCommand, costCommand]) {
    const command = make(context).copyInheritedSettings(program);
    // npm takes what stands before `--` for itself.
    command.usage('-- [options]');
    program.addCommand(command);
  }
  return program;
}

export function addStageOptions(command: Command): Command {
  return command
    .requiredOption('--stage <name>', 'which copy of the system; its values are in cloudformation/stages/<name>.yaml')
    .option('--project <name>', 'first part of all names', DEFAULT_PROJECT)
    .option('--region <name>', 'AWS region (default: that of AWS_REGION or of the profile)')
    .option('--dry-run', 'only show what would happen')
    .option('--yes', 'ask nothing; for machines')
    .addOption(new Option('--debug', 'show where an error comes from').hideHelp());
}

/** `network,storage`, or the option again. */
export function collectNames(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, ...text.split(',').map((name) => name.trim())].filter((name) => name !== '');
}
