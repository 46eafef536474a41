/** `npm start` with stand-ins for the tiers. */
import { distFile } from '@app/sagemaker-local';
import { startLocal } from '../start-local';

const standIn = distFile('tools/start-local/test/stand-in-tier.js');

void startLocal({
  argv: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onInterrupt: (listener) => process.on('SIGINT', listener).on('SIGTERM', listener),
  scripts: { endpoint: standIn, monitor: standIn, was: standIn, web: standIn },
}).then((exitCode) => (process.exitCode = exitCode));
