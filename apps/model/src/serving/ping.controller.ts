import { ProblemError } from '@app/contracts';
import { Readiness } from '@app/platform';
import { Controller, Get, HttpCode } from '@nestjs/common';
import { ModelHost } from './model-host';

/** SageMaker's health check: 200 within 2 s, or the container is taken out of service. */
@Controller('ping')
export class PingController {
  constructor(
    private readonly host: ModelHost,
    private readonly readiness: Readiness,
  ) {}

  @Get()
  @HttpCode(200)
  ping(): void {
    if (!this.host.isReady || this.readiness.isDraining) {
      throw new ProblemError('model-unavailable', { retryAfterSeconds: 1 });
    }
  }
}
