/** `models`, `show`, `compare` and `report`: looking at versions of the model. */
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CommandError, ExitCode } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { Connection, PlaceOptions } from '../connection';
import { comparisonLines } from '../models/comparison-lines';
import { reportUri } from '../models/model.service';
import { ModelVersion, versionInWords } from '../models/model-version';
import { ShownVersion, versionLines, versionTable } from '../models/version-lines';
import { writeResult } from '../output/output';
import { addJsonOption, addPlaceOptions, positiveInteger, typed, versionNumber } from './place-options';
import { reasonOf } from '../reason-of';

interface JsonOptions extends PlaceOptions {
  readonly json?: boolean;
}
interface ModelsOptions extends JsonOptions {
  readonly limit: number;
}
interface ReportOptions extends PlaceOptions {
  readonly output?: string;
  readonly open?: boolean;
}

export function addModelsCommands(program: Command, context: CommandContext): void {
  const { output } = context;
  const models = program
    .command('models')
    .description('list the versions of the model')
    .option('--limit <n>', 'how many are listed, newest first', positiveInteger, 20);
  addPlaceOptions(addJsonOption(models)).action(async (options: ModelsOptions) => {
    await withConnection(context, options, [], async ({ models }) => {
      const versions = await models.list(options.limit);
      writeResult(output, options.json, versions, () =>
        versions.length === 0
          ? [`There are no versions yet. ${typed(options, 'run --data DIR --name NAME')}`]
          : versionTable(versions),
      );
      return ExitCode.done;
    });
  });

  const show = program
    .command('show')
    .description('show all that is known of a version: figures, data, settings, who approved it')
    .argument('[version]', 'the newest unless it is named', versionNumber);
  addPlaceOptions(addJsonOption(show)).action(async (number: number | undefined, options: JsonOptions) => {
    await withConnection(context, options, [], async (connection) => {
      const shown = await shownVersion(connection, await versionOf(connection, number));
      const document = {
        ...shown,
        parameters: Object.fromEntries(shown.parameters),
        places: Object.fromEntries(shown.places),
      };
      writeResult(output, options.json, document, () => versionLines(shown));
      return ExitCode.done;
    });
  });

  const compare = program
    .command('compare')
    .description('compare two versions, image by image')
    .argument('<version>', 'the first', versionNumber)
    .argument('<other>', 'the second', versionNumber);
  addPlaceOptions(addJsonOption(compare)).action(async (first: number, second: number, options: JsonOptions) => {
    await withConnection(context, options, [], async ({ models }) => {
      const comparison = await models.compare(await models.get(first), await models.get(second));
      const { changes, gains } = comparison;
      const sides = [comparison.first, comparison.second].map(({ version, evaluation }) => ({
        version: version.number,
        accuracy: evaluation.quality.accuracy,
        accuracyInterval: evaluation.quality.accuracyInterval,
        test: { images: evaluation.test.images, hash: evaluation.test.hash },
      }));
      const document = { comparable: changes !== undefined, first: sides[0], second: sides[1], changes, gains };
      writeResult(output, options.json, document, () => comparisonLines(comparison));
      return ExitCode.done;
    });
  });

  const report = program
    .command('report')
    .description('tell where the report of a version is, a page for the browser')
    .argument('[version]', 'the newest unless it is named', versionNumber)
    .option('--output <file>', 'copy it there')
    .option('--open', 'open it in the browser');
  addPlaceOptions(report).action(async (number: number | undefined, options: ReportOptions) => {
    await withConnection(context, options, [], async (connection) => {
      const version = await versionOf(connection, number);
      const file = await reportFile(connection, version, options);
      if (number === undefined) output.stderr.write(`Of version ${versionInWords(version)}, the newest:\n`);
      output.stdout.write(`${file}\n`);
      if (options.open === true) context.openInBrowser(file);
      return ExitCode.done;
    });
  });
}

function versionOf({ models }: Connection, number: number | undefined): Promise<ModelVersion> {
  return number === undefined ? models.newest() : models.get(number);
}

async function shownVersion({ models, pipelines, objects }: Connection, version: ModelVersion): Promise<ShownVersion> {
  const { execution } = version.metadata;
  const [measured, deployed, parameters] = await Promise.all([
    models.measured(version),
    models.deployedVersion(),
    execution === undefined ? new Map<string, string>() : pipelines.parametersOf(execution.split('/').at(-1) ?? ''),
  ]);
  const uri = reportUri(version);
  const places = new Map<string, string>();
  for (const name of ['trainingData', 'testData']) {
    const uri = version.metadata[name];
    if (uri !== undefined) places.set(name, await objects.placeOf(uri));
  }
  return {
    ...measured,
    isDeployed: deployed === version.number,
    parameters,
    places,
    ...(measured.evaluation === undefined || uri === undefined ? {} : { report: await objects.placeOf(uri) }),
  };
}

/** A file of this machine: the object itself where it is one, else a copy. */
async function reportFile(
  { models, objects }: Connection,
  version: ModelVersion,
  { output }: ReportOptions,
): Promise<string> {
  const { uri, page } = await models.report(version);
  if (output === undefined && objects.fileOf(uri) !== undefined) return objects.placeOf(uri);
  const file = resolve(output ?? join(tmpdir(), `model-${version.number}-report.html`));
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page);
  } catch (error) {
    throw new CommandError(`${file} cannot be written (${reasonOf(error)}).`, undefined, { cause: error });
  }
  return file;
}
