/** The process of the command line: streams, signals, and what stands behind the ports. */
import { distFile, jobLogFile, LocalSageMaker, PipelineService, StateFolder } from '@app/sagemaker-local';
import { userInfo } from 'node:os';
import { startInBackground } from './adapters/background-process';
import { openInBrowser } from './adapters/browser';
import { findStage } from './adapters/ssm-stage';
import { connector } from './adapters/connect';
import { ExitCode } from './command.error';
import { Interrupts } from './interrupts';
import { wantsColour } from './pipeline.config';
import { runCommandLine } from './run-command-line';

// The product runs with Node 20; what the SDK says of its future is for those who update the SDK.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  const interrupts = new Interrupts(() => process.exit(ExitCode.interrupted));
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupts.interrupt);
  // Whoever read has gone (`| head`, a closed terminal): a run is not lost for that.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  process.exitCode = await runCommandLine({
    output: { stdout, stderr, isColoured: stdout.isTTY && wantsColour(env) },
    interrupts,
    connect: connector({
      environment: env,
      productFolder: distFile('..'),
      startLocalSageMaker: (folder) =>
        LocalSageMaker.start({
          state: new StateFolder(folder),
          services: ({ state, call }) => [new PipelineService({ state, call, environment: env })],
        }),
      jobLogFile: (state, { kind, name }) => jobLogFile(state, `${kind}-job`, name),
    }),
    findStage,
    userName: userName(),
    argv: process.argv.slice(2),
    startInBackground: startInBackground(__filename),
    openInBrowser,
    now: () => new Date(),
    exitCode: ExitCode.done,
  });
}

/** A user without a name in the system's list, as containers have it, is a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

void main();
