// Entry point of the SageMaker container image. SageMaker names the job as the first argument: `docker run IMAGE serve`.
import { EXIT_CODE_CONFIG, loadConfigOrExit, serve } from '@app/platform';
import { Logger } from '@nestjs/common';
import { createModelApp } from './create-model-app';
import { ModelPackageError } from './model-package/model-package.error';
import { ModelConfig } from './model.config';
import { ModelHost } from './serving/model-host';

/** sysexits.h: EX_USAGE. */
const EXIT_CODE_USAGE = 64;

async function serveModel(): Promise<void> {
  const config = loadConfigOrExit(ModelConfig, process.env);
  const app = await createModelApp(config);
  await serve(app, config); // listens first, so that /ping can say that the model is not ready yet
  try {
    await app.get(ModelHost).load();
  } catch (error) {
    if (!(error instanceof ModelPackageError)) throw error;
    new Logger('Model').fatal(error.message);
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CODE_CONFIG);
  }
}

const [command] = process.argv.slice(2);
if (command === 'serve') {
  void serveModel();
} else if (command === 'evaluate') {
  void import('./evaluation/evaluate.js').then(({ evaluate }) => evaluate(process.env));
} else {
  const complaint = command === undefined ? 'The job is missing' : `The job "${command}" is unknown`;
  process.stderr.write(`${complaint}; start the model container with the argument "serve" or "evaluate".\n`);
  process.exitCode = EXIT_CODE_USAGE;
}
