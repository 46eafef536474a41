// Ctrl-C. A command that has something to end in order takes the first one over; any other leaves at once.

/** npm passes on the Ctrl-C that the terminal has sent to this process as well. */
const SAME_INTERRUPT_MS = 500;

export class Interrupts {
  #takenOver: AbortController | undefined;
  #firstAt: number | undefined;

  /** `leave` ends the process at once. */
  constructor(private readonly leave: () => void) {}

  /** From now on the first interrupt aborts the signal, and only the second leaves. */
  takeOver(): AbortSignal {
    this.#takenOver ??= new AbortController();
    return this.#takenOver.signal;
  }

  /** To be called for each signal that the process gets. */
  readonly interrupt = (): void => {
    if (this.#takenOver === undefined) {
      this.leave();
    } else if (this.#firstAt === undefined) {
      this.#firstAt = Date.now();
      this.#takenOver.abort();
    } else if (Date.now() - this.#firstAt > SAME_INTERRUPT_MS) {
      this.leave();
    }
  };
}
