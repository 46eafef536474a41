import { startLocal } from './start-local';

async function main(): Promise<void> {
  process.exitCode = await startLocal({
    argv: process.argv.slice(2),
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt: (listener) => {
      // SIGHUP: the terminal was closed.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, listener);
    },
  });
}

void main();
