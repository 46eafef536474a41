export const EXIT_CODE_FAILED = 1;
/** As a shell says it of a program that SIGTERM ended. */
export const EXIT_CODE_INTERRUPTED = 143;

export interface JobErrorOptions extends ErrorOptions {
  /** Of the process. Default `EXIT_CODE_FAILED`. */
  readonly exitCode?: number;
}

/** The job cannot go on. The message is for whoever started it: it says what is wrong, and where. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
  readonly exitCode: number;

  constructor(message: string, { exitCode = EXIT_CODE_FAILED, ...options }: JobErrorOptions = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
