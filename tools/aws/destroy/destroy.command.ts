/** `npm run destroy`: takes away all stacks of a stage; what people gave stays unless it is said otherwise. */
import { Command, Option } from 'commander';
import { existsSync, readdirSync } from 'node:fs';
import { ExitCode, UsageError } from '../../../apps/pipeline/src/command.error';
import { createClients, destroyClients } from '../clients';
import { CommandContext, StageOptions } from '../command-context';
import { addStageOptions } from '../stage-options';
import { requireRegion, whoActs } from '../preflight/identity';
import { requireStageName } from '../stage/areas';
import type { DataFate } from './data-fate';
import { Destruction } from './destruction';

interface DestroyOptions extends StageOptions {
  readonly keepData?: boolean;
  readonly deleteData?: boolean;
  readonly exportData?: string;
  readonly liftProtection?: boolean;
}

export function destroyCommand(context: CommandContext): Command {
  const command = new Command('destroy').description(
    'Takes away everything that npm run deploy has made: shows what goes and what stays, asks, and does it.\n' +
      'It can be run again after any interruption.',
  );
  return addStageOptions(command)
    .addOption(
      new Option('--keep-data', 'keep photos, models and feedback (default)').conflicts(['deleteData', 'exportData']),
    )
    .addOption(new Option('--delete-data', 'delete them, for good').conflicts(['exportData']))
    .option('--export-data <folder>', 'copy them into a folder of this machine, then delete them')
    .option('--lift-protection', 'also when the stacks are protected against deletion')
    .action((options: DestroyOptions) => destroy(context, options));
}

async function destroy(context: CommandContext, options: DestroyOptions): Promise<void> {
  requireStageName(options);
  const fate = fateOf(options);
  const region = await requireRegion(options.region);
  const clients = createClients(region);
  try {
    const { accountId } = await whoActs(clients, region);
    const destruction = new Destruction(context, {
      ...{ clients, region, accountId, fate },
      name: { project: options.project, stage: options.stage },
      lifts: options.liftProtection === true,
      isDryRun: options.dryRun === true,
      isAsked: options.yes !== true,
    });
    await destruction.run();
    context.exitCode = ExitCode.done;
  } finally {
    destroyClients(clients);
  }
}

function fateOf({ deleteData, exportData }: DestroyOptions): DataFate {
  if (exportData === undefined) return deleteData === true ? { kind: 'delete' } : { kind: 'keep' };
  // A folder that is there is one that an earlier attempt has begun to fill.
  if (exportData === '') throw new UsageError('--export-data names a folder.');
  if (existsSync(exportData) && !isFolder(exportData)) throw new UsageError(`${exportData} is no folder.`);
  return { kind: 'export', folder: exportData };
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
