// The job `serve` as a process.
import { Environment, EXIT_CODE_CONFIG, loadConfigOrExit, serve } from '@app/platform';
import { startTelemetry } from '@app/platform/telemetry';
import { Logger } from '@nestjs/common';
import { createModelApp } from './create-model-app';
import { ModelPackageError } from './model-package/model-package.error';
import { ModelConfig } from './model.config';
import { ModelHost } from './serving/model-host';

/** Serves until the process is told to stop. */
export async function serveModel(environment: Environment): Promise<void> {
  const config = loadConfigOrExit(ModelConfig, environment);
  await startTelemetry('model', environment);
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
