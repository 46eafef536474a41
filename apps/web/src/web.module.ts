import { PlatformModule, requestValidation } from '@app/platform';
import { DynamicModule, MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import { OpenApiController } from './api-docs/open-api.controller';
import { OpenApiHolder } from './api-docs/open-api-holder';
import { ClassificationService } from './classification/classification.service';
import { ClassificationsController } from './classification/classifications.controller';
import { HttpWasClient } from './classification/http-was-client';
import { Places } from './classification/places';
import { WasClient } from './classification/was-client.port';
import { FeedbackController } from './feedback/feedback.controller';
import { FeedbackService } from './feedback/feedback.service';
import { chooseLanguage } from './language';
import { ModelController } from './model/model.controller';
import { AssetsController } from './pages/assets.controller';
import { PagesController } from './pages/pages.controller';
import { WebProblemFilter } from './pages/web-problem.filter';
import { limitRate } from './rate-limit';
import { MonitoringService } from './status/monitoring.service';
import { StatusController } from './status/status.controller';
import { StatusService } from './status/status.service';
import { UploadMemory } from './uploads/upload-memory';
import { WebConfig } from './web.config';

/** Binds the gateway's ports to their adapters. */
@Module({})
export class WebModule implements NestModule {
  constructor(private readonly config: WebConfig) {}

  static forRoot(config: WebConfig): DynamicModule {
    return {
      module: WebModule,
      imports: [PlatformModule.forRoot({ service: 'web', config, problemFilter: WebProblemFilter })],
      controllers: [
        ClassificationsController,
        FeedbackController,
        ModelController,
        StatusController,
        OpenApiController,
        PagesController,
        AssetsController,
      ],
      providers: [
        requestValidation,
        { provide: WebConfig, useValue: config },
        { provide: WasClient, useValue: new HttpWasClient(config.wasUrl) },
        { provide: UploadMemory, useValue: new UploadMemory(config.uploadMemoryMb * 1_000_000) },
        { provide: Places, useValue: new Places(config.maxConcurrent) },
        ClassificationService,
        FeedbackService,
        MonitoringService,
        OpenApiHolder,
        StatusService,
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    const { rateLimitPerMinute } = this.config;
    if (rateLimitPerMinute > 0) {
      // Probes come from the load balancer, one address for all of them.
      consumer.apply(limitRate(rateLimitPerMinute)).exclude('health/live', 'health/ready').forRoutes('{*path}');
    }
    consumer.apply(chooseLanguage()).forRoutes('{*path}');
  }
}
