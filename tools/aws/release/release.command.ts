/** `npm run release`: brings what is in this folder to the people who use the site, by the delivery pipeline. */
import { Command } from 'commander';
import { ExitCode } from '../../../apps/pipeline/src/command.error';
import { createClients, destroyClients } from '../clients';
import { CommandContext, StageOptions } from '../command-context';
import { requireRegion, whoActs } from '../preflight/identity';
import { requireStageName } from '../stage/areas';
import { addStageOptions } from '../stage-options';
import { Release } from './release';

export function releaseCommand(context: CommandContext): Command {
  const command = new Command('release').description(
    'Uploads the source of this folder, which starts the delivery pipeline, and follows the run: tests, images, rollouts.\n' +
      'Where the pipeline takes its source from a repository, it follows the run that a push has started.',
  );
  return addStageOptions(command).action((options: StageOptions) => release(context, options));
}

async function release(context: CommandContext, options: StageOptions): Promise<void> {
  requireStageName(options);
  const region = await requireRegion(options.region);
  const clients = createClients(region);
  try {
    const { accountId } = await whoActs(clients, region);
    const settings = {
      ...{ clients, region, accountId },
      name: { project: options.project, stage: options.stage },
      isDryRun: options.dryRun === true,
      isAsked: options.yes !== true,
    };
    await new Release(context, settings).run();
    context.exitCode = ExitCode.done;
  } finally {
    destroyClients(clients);
  }
}
