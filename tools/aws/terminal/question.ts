/** Asks the person at the terminal; without one there is nobody to ask. */
import { createInterface } from 'node:readline/promises';

/** The line that was typed, or undefined where nobody can type one. */
export type Ask = (question: string) => Promise<string | undefined>;

export function terminalAsk(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Ask {
  return async (question) => {
    if (!stdin.isTTY || !stdout.isTTY) return undefined;
    const terminal = createInterface({ input: stdin, output: stdout });
    try {
      return (await terminal.question(question)).trim();
    } finally {
      terminal.close();
    }
  };
}
