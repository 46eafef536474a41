/** `npm run cost`: what each stage costs in a month in which nothing happens. */
import { Command, Option } from 'commander';
import { join } from 'node:path';
import { stageNames } from '../../cloudformation/stage';
import { CommandContext } from '../command-context';
import { loadAreas } from '../stage/areas';
import { readStageFile } from '../stage/stage-file';
import { resolveGiven } from '../stage/stack-parameters';
import { costTable, NOT_COUNTED, PRICES_OF } from './cost-lines';
import { monthlyCosts } from './monthly-costs';
import { BUILD_MINUTES, INSTANCE_PRICES, PRICE_TABLE, PRICES, USAGE_PRICES, UsagePrice } from './prices';

const ALL_PRICES: Readonly<Record<string, UsagePrice>> = {
  ...PRICES,
  ...INSTANCE_PRICES,
  ...BUILD_MINUTES,
  ...USAGE_PRICES,
};

interface CostOptions {
  readonly stage?: string;
  readonly prices?: boolean;
}

export function costCommand(context: CommandContext): Command {
  return new Command('cost')
    .description('Shows what each stage costs in a month in which nothing happens, by resource. Asks AWS nothing.')
    .option('--stage <name>', 'only this stage (default: every file in cloudformation/stages)')
    .option('--prices', 'show the price table with its sources instead')
    .addOption(new Option('--debug', 'show where an error comes from').hideHelp())
    .action((options: CostOptions) => {
      if (options.prices === true) showPrices(context);
      else showCosts(context, options);
    });
}

function showCosts({ screen, templateFolder }: CommandContext, { stage }: CostOptions): void {
  const folder = join(templateFolder, 'stages');
  const templates = loadAreas(templateFolder);
  for (const name of stage === undefined ? stageNames(folder) : [stage]) {
    const given = readStageFile(name, templates, folder);
    const place = { project: 'image-classifier', stage: name };
    const resolved = resolveGiven(templates, place, given, { region: PRICE_TABLE.region });
    screen.heading(`Stage ${name}`);
    for (const line of costTable(monthlyCosts(resolved))) screen.row(line);
  }
  screen.say('', `Prices: ${PRICES_OF}; ${remembered()} ${NOT_COUNTED}`);
}

function showPrices({ screen }: CommandContext): void {
  screen.heading(`On-demand prices of ${PRICE_TABLE.region} in ${PRICE_TABLE.currency}, ${PRICE_TABLE.date}`);
  for (const [name, { usd, per, source, isRead }] of Object.entries(ALL_PRICES)) {
    screen.say(
      `${name.padEnd(18)} ${String(usd).padStart(9)} per ${per}`,
      `  ${isRead ? 'read in' : 'compare with'} ${source}`,
    );
  }
}

/** How many prices nobody has read in a source lately. */
function remembered(): string {
  const all = Object.values(ALL_PRICES);
  const count = all.filter(({ isRead }) => !isRead).length;
  return `${count} of ${all.length} are remembered, not read in their source (cost --prices).`;
}
