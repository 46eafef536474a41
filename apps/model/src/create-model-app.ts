import { createApp } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { ModelConfig } from './model.config';
import { ModelModule } from './model.module';
import { adoptRequestId } from './serving/adopt-request-id';

/** Builds the serving app for `main.ts` and every test. It answers at once; `ModelHost.load()` makes it ready. */
export async function createModelApp(config: ModelConfig): Promise<NestExpressApplication> {
  const app = await createApp(ModelModule.forConfig(config));
  app.use(adoptRequestId);
  return app;
}
