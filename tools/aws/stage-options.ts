/** Options of the commands that act on an installation. */
import { Command, Option } from 'commander';
import { DEFAULT_PROJECT } from './stage/areas';

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
