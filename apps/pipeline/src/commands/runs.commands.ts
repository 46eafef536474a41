/** `runs` and `watch`: what runs there are, what they did, and following one. */
import { Command } from 'commander';
import { ExitCode } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { writeResult } from '../output/output';
import { resultLines, runTable } from '../runs/run-lines';
import { followRun, RunOptions } from './follow-run';
import { addJsonOption, addPlaceOptions, positiveInteger, typed } from './place-options';

interface RunsOptions extends RunOptions {
  readonly limit: number;
}

export function addRunsCommands(program: Command, context: CommandContext): void {
  const runs = program
    .command('runs')
    .description('list the runs of the pipeline, or show one: its steps and what it came to')
    .argument('[run]', 'id of a run, or its beginning')
    .option('--limit <n>', 'how many are listed, newest first', positiveInteger, 20);
  addPlaceOptions(addJsonOption(runs)).action(async (run: string | undefined, options: RunsOptions) => {
    await withConnection(context, options, [], async ({ runs }) => {
      const { output, now } = context;
      if (run === undefined) {
        const list = await runs.list(options.limit);
        writeResult(output, options.json, list, () =>
          list.length === 0
            ? [`There are no runs yet. ${typed(options, 'run --data DIR --name NAME')}`]
            : runTable(list),
        );
      } else {
        const result = await runs.resultOf(await runs.get(await runs.idOf(run)));
        writeResult(output, options.json, result, () => resultLines(result, now()));
      }
      return ExitCode.done;
    });
  });

  const watch = program
    .command('watch')
    .description('follow a run until its end')
    .argument('[run]', 'id of a run, or its beginning; the newest unless it is named');
  addPlaceOptions(addJsonOption(watch)).action(async (run: string | undefined, options: RunOptions) => {
    await withConnection(context, options, [], async (connection) =>
      followRun(context, connection, await connection.runs.idOf(run), options, 'leave'),
    );
  });
}
