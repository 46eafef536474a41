import { createApp } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { WasConfig } from './was.config';
import { WasModule } from './was.module';

/** Builds the business tier; used by `main.ts` and by every test. */
export async function createWasApp(config: WasConfig): Promise<NestExpressApplication> {
  return await createApp(WasModule.forRoot(config));
}
