/** How a command ends. */
export const ExitCode = {
  done: 0,
  failed: 1,
  /** The run went through, and its gate refused the model. */
  refused: 2,
  /** sysexits.h, EX_USAGE */
  usage: 64,
  /** 128 + SIGINT */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command cannot go on; the message is for the person who typed it: what is wrong, where, what to do. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandError';
  }
}

/** What was typed makes no sense. */
export class UsageError extends CommandError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, ExitCode.usage, options);
    this.name = 'UsageError';
  }
}
