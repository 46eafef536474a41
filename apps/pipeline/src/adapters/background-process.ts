/** Starts this program again, apart from this process and its terminal. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** What it writes goes into the file. Gives the exit code when it ends. */
export function startInBackground(script: string) {
  return async (argv: readonly string[], file: string): Promise<{ readonly ended: Promise<number> }> => {
    mkdirSync(dirname(file), { recursive: true });
    const log = openSync(file, 'a');
    const child = spawn(process.execPath, [script, ...argv], { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const ended = new Promise<number>((resolve) => {
      child.once('exit', (code) => resolve(code ?? 1));
      child.once('error', () => resolve(1));
    });
    child.unref();
    return Promise.resolve({ ended });
  };
}
