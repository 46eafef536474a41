import { DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Type } from '@nestjs/common';
import { PlatformConfig } from './config';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { loggingModule } from './logging/logging.module';
import { ProblemFilter } from './problems/problem.filter';

export interface PlatformOptions {
  /** `web`, `was`, ...: names the service in every log line. */
  readonly service: string;
  readonly config: PlatformConfig;
  /** A filter that writes problems in other forms too; default is JSON only. */
  readonly problemFilter?: Type<ProblemFilter>;
  /** `/health/live` and `/health/ready`; the model container has `/ping` instead. Default true. */
  readonly probes?: boolean;
}

/** What every service has: logging with request context, problems, probes. Imported first, so that it wraps all the rest. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot({ service, config, problemFilter = ProblemFilter, probes = true }: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      imports: [loggingModule(service, config.logLevel)],
      controllers: probes ? [HealthController] : [],
      providers: [Readiness, { provide: APP_FILTER, useClass: problemFilter }],
      exports: [Readiness],
    };
  }
}
