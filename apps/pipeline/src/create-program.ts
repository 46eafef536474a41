/** All commands, as they can be typed. */
import { Command } from 'commander';
import { addDeployCommands } from './commands/deploy.commands';
import { addFeedbackCommands } from './commands/feedback.commands';
import { addModelsCommands } from './commands/models.commands';
import { addReviewCommands } from './commands/review.commands';
import { addRunCommand } from './commands/run.command';
import { addRunsCommands } from './commands/runs.commands';
import { CommandContext } from './command-context';
import { fillFromStage } from './commands/place-options';

export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.output;
  const program = new Command('npm run pipeline --')
    .description(
      'Makes models out of folders of photos and puts them into production, on this machine or on Amazon SageMaker.',
    )
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand(false)
    // Commands within commands have options of the same names: each takes what is typed behind its own.
    .enablePositionalOptions()
    .exitOverride()
    .hook('preAction', (_, command) => fillFromStage(command, context.findStage))
    .showHelpAfterError('(--help shows what can be said.)');
  addRunCommand(program, context);
  addRunsCommands(program, context);
  addModelsCommands(program, context);
  addReviewCommands(program, context);
  addDeployCommands(program, context);
  addFeedbackCommands(program, context);
  return program;
}
