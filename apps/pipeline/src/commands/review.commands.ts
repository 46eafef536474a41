/** `approve` and `reject`: a person's word on a version. */
import { Command } from 'commander';
import { ExitCode } from '../command.error';
import { CommandContext, withConnection } from '../command-context';
import { PlaceOptions } from '../connection';
import { versionInWords } from '../models/model-version';
import { reviewInWords } from '../models/version-lines';
import { writeResult } from '../output/output';
import { addJsonOption, addPlaceOptions, typed, versionNumber } from './place-options';

interface ReviewOptions extends PlaceOptions {
  readonly note?: string;
  readonly json?: boolean;
}

export function addReviewCommands(program: Command, context: CommandContext): void {
  for (const [verb, approval, meaning] of [
    ['approve', 'approved', 'say that a version may be deployed'],
    ['reject', 'rejected', 'say that a version may not be deployed'],
  ] as const) {
    const command = program
      .command(verb)
      .description(meaning)
      .argument('[version]', 'the newest that waits for approval unless it is named', versionNumber)
      .option('--note <text>', 'why; kept in the registry');
    addPlaceOptions(addJsonOption(command)).action(async (number: number | undefined, options: ReviewOptions) => {
      await withConnection(context, options, [], async ({ models }) => {
        const version = number === undefined ? await models.newest('pending') : await models.get(number);
        const isNew = await models.review(version, approval, context.userName, options.note);
        const which = number === undefined ? ', the newest that waited,' : '';
        writeResult(context.output, options.json, { version: version.number, approval, changed: isNew }, () =>
          isNew
            ? [
                `Version ${versionInWords(version)}${which} is ${approval}.`,
                ...(approval === 'approved' ? nextStep(options, version.number) : []),
              ]
            : [`Version ${versionInWords(version)} is ${approval} already (${reviewInWords(version)}).`],
        );
        return ExitCode.done;
      });
    });
  }
}

function nextStep(options: ReviewOptions, version: number): string[] {
  const deploy = typed(options, `deploy ${version}`);
  return options.stage === undefined
    ? [`Next: ${deploy}`]
    : [`It is deployed by itself, unless a newer one is approved.`, `Watch it with: ${deploy}`];
}
