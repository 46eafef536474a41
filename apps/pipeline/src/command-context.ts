// What a command has of the process that it runs in. Knows no command.
import { Connect, Connection, DeployOptions, PlaceOptions } from './connection';
import { FindStage } from './stage';
import { AccountSettingName } from './pipeline.config';
import { ExitCode } from './command.error';
import { Interrupts } from './interrupts';
import { Output } from './output/output';

export interface CommandContext {
  readonly output: Output;
  readonly interrupts: Interrupts;
  readonly connect: Connect;
  readonly findStage: FindStage;
  /** Name of whoever types, as this machine knows them. */
  readonly userName: string;
  /** What was typed, without what starts the program. */
  readonly argv: readonly string[];
  /** Goes on without this process and its terminal; what it writes goes into the file. Gives the exit code when it ends. */
  readonly startInBackground: (argv: readonly string[], file: string) => Promise<{ readonly ended: Promise<number> }>;
  readonly openInBrowser: (file: string) => void;
  readonly now: () => Date;
  /** The exit code of the process, once the command is done. */
  exitCode: ExitCode;
}

/** Does something with a connection and lets go of it, whatever happens. */
export async function withConnection(
  context: CommandContext,
  options: PlaceOptions & DeployOptions,
  needs: readonly AccountSettingName[],
  act: (connection: Connection) => Promise<ExitCode>,
): Promise<void> {
  const connection = await context.connect(options, needs);
  try {
    context.exitCode = await act(connection);
  } finally {
    await connection.close();
  }
}
