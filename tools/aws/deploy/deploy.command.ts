/** `npm run deploy`: creates the stacks of a stage, or brings them up to date. */
import { Command } from 'commander';
import { ExitCode, UsageError } from '../../../apps/pipeline/src/command.error';
import { ImageName, parseImageOption } from '../account/images';
import { createClients, destroyClients } from '../clients';
import { CommandContext, StageOptions } from '../command-context';
import { addStageOptions, collectNames } from '../stage-options';
import { requireRegion, whoActs } from '../preflight/identity';
import { chosenAreas, loadAreas, requireStageName } from '../stage/areas';
import { readStageFile } from '../stage/stage-file';
import { Deployment } from './deployment';
import { join } from 'node:path';

interface DeployOptions extends StageOptions {
  readonly allow: readonly string[];
  readonly only: readonly string[];
  readonly image: readonly string[];
  readonly build?: boolean;
  readonly skipPermissionCheck?: boolean;
}

export function deployCommand(context: CommandContext): Command {
  const command = new Command('deploy').description(
    'Creates or updates everything in an AWS account: shows what will change and what it costs, asks, and does it.\n' +
      'It can be run again after any interruption.',
  );
  return addStageOptions(command)
    .option('--only <areas>', 'only these parts, such as network,storage', collectNames, [])
    .option('--image <name=uri>', 'image of web, was, monitor or model, by its digest (repeatable)', collectNames, [])
    .option('--build', 'build the images from this folder, even where there are some')
    .option('--allow <ids>', 'let these resources be replaced, removed or turned (repeatable)', collectNames, [])
    .option('--skip-permission-check', 'do not ask IAM what you may do')
    .action((options: DeployOptions) => deploy(context, options));
}

async function deploy(context: CommandContext, options: DeployOptions): Promise<void> {
  requireStageName(options);
  const named = new Map<ImageName, string>(options.image.map(parseImageOption));
  if (options.image.length > named.size) throw new UsageError('--image names one image twice.');
  const all = loadAreas(context.templateFolder);
  const stageFile = readStageFile(options.stage, all, join(context.templateFolder, 'stages'));
  const region = await requireRegion(options.region);
  const clients = createClients(region);
  try {
    const identity = await whoActs(clients, region);
    const deployment = new Deployment(context, {
      ...{ clients, region, identity, all, stageFile, named },
      name: { project: options.project, stage: options.stage },
      chosen: chosenAreas(all, options.only),
      allowed: options.allow,
      checksPermissions: options.skipPermissionCheck !== true,
      builds: options.build === true,
      isDryRun: options.dryRun === true,
      isAsked: options.yes !== true,
    });
    await deployment.run();
    context.exitCode = ExitCode.done;
  } finally {
    destroyClients(clients);
  }
}
