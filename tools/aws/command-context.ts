// What a command has of the process that it runs in. Knows no command.
import type { Output } from '../../apps/pipeline/src/output/output';
import type { ExitCode } from '../../apps/pipeline/src/command.error';
import { StageName } from './stage/areas';
import { Ask } from './terminal/question';
import { Screen } from './terminal/screen';

export interface CommandContext {
  readonly output: Output;
  readonly screen: Screen;
  readonly ask: Ask;
  /** What was typed, without what starts the program. */
  readonly argv: readonly string[];
  /** Templates and stage files. */
  readonly templateFolder: string;
  /** The product's source, of which images are built. */
  readonly sourceFolder: string;
  /** Said when a person stops the command: what goes on without it, and how to take it up again. */
  farewell: string;
  /** The exit code of the process, once the command is done. */
  exitCode: ExitCode;
}

/** What every command that acts on an installation is told. */
export interface StageOptions extends StageName {
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}
