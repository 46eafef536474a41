/** The process of `npm run deploy`, `release`, `destroy` and `cost`: streams, signals, and the command that was typed. */
import { PRODUCT_ROOT } from '@app/platform';
import { ExitCode } from '../../apps/pipeline/src/command.error';
import { wantsColour } from '../../apps/pipeline/src/pipeline.config';
import { TEMPLATE_FOLDER } from '../cloudformation/template';
import { CommandContext } from './command-context';
import { runCommand } from './run-command';
import { terminalAsk } from './terminal/question';
import { Screen } from './terminal/screen';

// The product runs with Node 20; what the SDK says of its future is for those who update the SDK.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

async function main(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  // Whoever read has gone (`| head`, a closed terminal): a deployment is not lost for that.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const output = { stdout, stderr, isColoured: stdout.isTTY && wantsColour(env) };
  const context: CommandContext = {
    output,
    screen: new Screen(output),
    ask: terminalAsk(stdin, stdout),
    argv: process.argv.slice(2),
    templateFolder: TEMPLATE_FOLDER,
    sourceFolder: PRODUCT_ROOT,
    farewell: '',
    exitCode: ExitCode.done,
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stderr.write(`\n${context.farewell}\n`);
      process.exit(ExitCode.interrupted);
    });
  }
  process.exitCode = await runCommand(context);
}

void main();
