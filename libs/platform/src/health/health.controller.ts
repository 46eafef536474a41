import { ProblemError } from '@app/contracts';
import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Readiness } from './readiness';

/**
 * Probes of one process. They do not look at other tiers: a neighbour that is down must not make an orchestrator stop
 * tasks that are well.
 */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(): { status: 'ok' } {
    if (this.readiness.isDraining) throw new ProblemError('service-unavailable', { retryAfterSeconds: 5 });
    return { status: 'ok' };
  }
}
