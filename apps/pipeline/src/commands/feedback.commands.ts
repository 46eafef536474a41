/** `feedback`, `feedback review` and `feedback dataset`: from what people said of answers to photos to learn from. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { once } from 'node:events';
import { join } from 'node:path';
import { ExitCode, UsageError } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { Connection, PlaceOptions } from '../connection';
import { DatasetService, MadeDataset } from '../feedback/dataset.service';
import { FeedbackService, FoundFeedback } from '../feedback/feedback.service';
import { feedbackLines } from '../feedback/feedback-lines';
import { ReviewServer } from '../feedback/review-server';
import { ReviewSession } from '../feedback/review-session';
import { summariseFeedback } from '../feedback/summarise-feedback';
import { count } from '../output/figures';
import { indented, writeResult } from '../output/output';
import { prefixName } from '../storage/prefix-name';
import { addJsonOption, addPlaceOptions, typed } from './place-options';

interface FeedbackOptions extends PlaceOptions {
  readonly since?: string;
  readonly json?: boolean;
}
interface ReviewOptions extends FeedbackOptions {
  readonly port?: number;
  readonly open?: boolean;
}
interface DatasetOptions extends FeedbackOptions {
  readonly data?: string;
  readonly test?: string;
  readonly other?: string;
  readonly name?: string;
  readonly output?: string;
}

export function addFeedbackCommands(program: Command, context: CommandContext): void {
  const { output } = context;
  const list = program
    .command('feedback')
    .usage('[options]')
    .description('show what people said of answers: how often they were wrong, disagreements, doubtful feedback')
    .enablePositionalOptions();
  addPlaceOptions(addJsonOption(addSince(addFeedbackOption(list)))).action(async (options: FeedbackOptions) => {
    await withConnection(context, options, ['bucket'], async (connection) => {
      const service = serviceOf(connection, options);
      const found = await service.find(options.since);
      const summary = summariseFeedback(found.items);
      warnOfIgnored(context, found);
      const names = await labelNames(connection, found);
      writeResult(output, options.json, summary, () => [
        ...(summary.feedback === 0 ? [noFeedback(service, options)] : feedbackLines(summary, names)),
        ...(summary.reviews.open > 0 ? ['', `Next: ${typed(options, 'feedback review')}`] : []),
      ]);
      return ExitCode.done;
    });
  });

  const review = list
    .command('review')
    .usage('[options]')
    .description('serve a page on this machine on which photos that came with feedback are accepted or rejected')
    .addOption(
      new Option('--port <port>', 'port of the page; any that is free unless it is named').argParser(portNumber),
    )
    .option('--open', 'open it in the browser');
  addPlaceOptions(addSince(addFeedbackOption(review))).action(async (options: ReviewOptions) => {
    await withConnection(context, options, ['bucket'], async (connection) => {
      const service = serviceOf(connection, options);
      const found = await service.find(options.since);
      warnOfIgnored(context, found);
      const names = await labelNames(connection, found);
      const session = new ReviewSession(service, found.items, names, context.userName, context.now);
      const server = await ReviewServer.start(session, options.port ?? 0);
      try {
        const ended = context.interrupts.takeOver();
        output.stdout.write(`${count(session.counts.open, 'photo')} to review: ${server.url}\nCtrl-C ends it.\n`);
        if (options.open === true) context.openInBrowser(server.url);
        if (!ended.aborted) await once(ended, 'abort');
      } finally {
        await server.stop();
      }
      output.stdout.write(`Next: ${typed(options, 'feedback dataset --data DIR')}\n`);
      return ExitCode.done;
    });
  });

  const dataset = list
    .command('dataset')
    .usage('[options]')
    .description('make a dataset version of photos and accepted feedback, to run on')
    .option('--data <dir>', 'folder with a sub-folder of photos for each class; or its s3:// prefix')
    .option('--test <dir>', 'test photos in the same sub-folders: what is among them is not added')
    .option('--other <dir>', 'photos of things that the model does not know; they go with the version')
    .addOption(
      new Option('--name <name>', 'name of the dataset, like `flowers` (default: that of the folder)').argParser(
        datasetName,
      ),
    )
    .option('--output <dir>', 'folder for the version, which must not be there yet');
  addPlaceOptions(addJsonOption(addFeedbackOption(dataset))).action(async (options: DatasetOptions) => {
    const { data, test, other, name, output: folder } = options;
    if (data === undefined) throw new UsageError('--data DIR is needed: the photos that the feedback is added to.');
    await withConnection(context, options, ['bucket'], async (connection) => {
      const service = serviceOf(connection, options);
      const found = await service.find();
      warnOfIgnored(context, found);
      const versions = options.on === 'local' ? join(options.state, 'datasets') : undefined;
      const made = await new DatasetService(connection.objects, versions).make(
        {
          data,
          ...(test === undefined ? {} : { test }),
          ...(other === undefined ? {} : { other }),
          ...(name === undefined ? {} : { name }),
          ...(folder === undefined ? {} : { output: folder }),
        },
        found.items,
        (sentence) => output.stderr.write(`${sentence}\n`),
      );
      writeResult(output, options.json, made, () => datasetLines(made, options));
      return ExitCode.done;
    });
  });
}

function addFeedbackOption(command: Command): Command {
  return command.option('--feedback <uri>', 's3:// prefix where feedback is kept (default: feedback/ in the bucket)');
}

function addSince(command: Command): Command {
  return command.addOption(
    new Option('--since <day>', 'only of answers of that day, like 2026-11-20, and later ones (UTC)').argParser(day),
  );
}

function serviceOf({ objects }: Connection, { feedback }: FeedbackOptions): FeedbackService {
  const prefix = feedback ?? `${objects.root}/feedback/`;
  if (!/^s3:\/\/[^/]+\//.test(prefix)) throw new UsageError(`--feedback ${prefix} is not like s3://bucket/feedback/.`);
  return new FeedbackService(objects, prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** As the models call their classes that gave the answers, and the one that is deployed; others are shown by their ids. */
async function labelNames(
  { models, shippedLabels }: Connection,
  { items }: FoundFeedback,
): Promise<ReadonlyMap<string, string>> {
  const answering = [...new Set(items.map(({ record }) => record.model.name))];
  const shipped = await Promise.all(answering.map(shippedLabels));
  const number = await models.deployedVersion();
  const deployed = number === undefined ? undefined : (await models.measured(await models.get(number))).evaluation;
  const names = deployed?.model.labels.map(({ id, name }) => [id, name] as const) ?? [];
  return new Map([...shipped.flatMap((labels) => [...labels]), ...names]);
}

function noFeedback({ prefix }: FeedbackService, { since }: FeedbackOptions): string {
  return `There is no feedback${since === undefined ? '' : ` since ${since}`} below ${prefix}. docs/feedback.md says how it is switched on.`;
}

function warnOfIgnored({ output }: CommandContext, { ignored }: FoundFeedback): void {
  for (const { key, reason } of ignored) output.stderr.write(`${key} ${reason}.\n`);
}

function datasetLines({ manifest, leftOut, place, isNew }: MadeDataset, options: DatasetOptions): string[] {
  const { name, version, images, classes, origin } = manifest;
  const { parent, feedback, added, removed, moved } = origin;
  const changes = [`${added.length} added`, `${removed.length} removed`, `${moved.length} moved`].join(', ');
  const test = options.test ?? manifest.test;
  return [
    isNew ? `Dataset version ${name} ${version}:` : `${name} ${version} is there already:`,
    ...indented([
      `${count(parent.images, 'photo')} of ${options.data ?? ''}, ${changes}: ${count(images, 'photo')} in ${count(Object.keys(classes).length, 'class', 'classes')}`,
      ...Object.entries(classes).map(([label, photos]) => {
        const more = feedback.filter((photo) => photo.label === label).length;
        return `${label}: ${photos}${more === 0 ? '' : ` (${more} from feedback)`}`;
      }),
      ...removed.map((path) => `removed ${path}: its feedback is gone, or not accepted for this class any more`),
      ...leftOut.map(({ image, reason }) => `left out ${image.slice(0, 12)}: ${reason}`),
    ]),
    `Next: ${typed(options, `run --data ${place}${test === undefined ? '' : ` --test ${test}`} --name ${name}`)}`,
  ];
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('It must be a day like 2026-11-20.');
  }
  return text;
}

function datasetName(text: string): string {
  if (prefixName(text) !== text)
    throw new InvalidArgumentError('It must be lower-case words with dashes, up to 40 letters.');
  return text;
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a number up to 65535.');
  return Number(text);
}
