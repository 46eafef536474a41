// A session worker with ways to die: starts the real one, and kills the thread when a run asks for an output of a fatal name.
import { existsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import '../session-pool/session-worker';

/** Names of outputs that kill, and how. */
export const EXIT = 'exit';
export const THROW = 'throw';

const { modelPath } = workerData as { modelPath: string }; // as given to the real worker

// While this file lies beside the model, every new worker dies at once.
if (existsSync(`${modelPath}.dead`)) process.exit(7);

parentPort?.on('message', ({ outputs }: { outputs: readonly string[] }) => {
  if (outputs.includes(EXIT)) process.exit(9);
  if (outputs.includes(THROW)) throw new Error('thrown on purpose');
});
