import { createApp } from '@app/platform';
import { NestExpressApplication } from '@nestjs/platform-express';
import { buildOpenApiDocument } from './api-docs/open-api-document';
import { OpenApiHolder } from './api-docs/open-api-holder';
import { securityHeaders } from './pages/security-headers';
import { WebConfig } from './web.config';
import { WebModule } from './web.module';

/** Builds the gateway; used by `main.ts`, by every test and by the export of the OpenAPI document. */
export async function createWebApp(config: WebConfig): Promise<NestExpressApplication> {
  const app = await createApp(WebModule.forRoot(config));
  // One hop is what an ALB is: it appends the client's address, and whatever stands before it may be forged.
  app.set('trust proxy', config.trustProxy ? 1 : false);
  app.use(securityHeaders());
  app.get(OpenApiHolder).document = buildOpenApiDocument(app);
  return app;
}
