import { ProblemError } from '@app/contracts';
import { type DriftReport, MonitoringPattern, type MonitorSummary, type RecentEvents } from '@app/contracts/monitoring';
import { Controller, Get, Query } from '@nestjs/common';
import { MonitorClient, MonitorError, MonitorMessages } from './monitor-client.port';
import { RecentRequest, WindowRequest } from './monitor.requests';

/** Monitor itself recovers within seconds, a connection that was given up is made anew at once. */
const RETRY_AFTER_SECONDS = 5;

/** Hands questions on to monitor, about the model that answers now. */
@Controller('v1/monitor')
export class MonitorController {
  constructor(private readonly monitor: MonitorClient) {}

  @Get('summary')
  async summary(@Query() { window }: WindowRequest): Promise<MonitorSummary> {
    return await this.ask(MonitoringPattern.summary, { window });
  }

  @Get('drift')
  async drift(@Query() { window }: WindowRequest): Promise<DriftReport> {
    return await this.ask(MonitoringPattern.drift, { window });
  }

  @Get('recent')
  async recent(@Query() { count }: RecentRequest): Promise<RecentEvents> {
    return await this.ask(MonitoringPattern.recent, { count });
  }

  private async ask<P extends keyof MonitorMessages>(
    pattern: P,
    question: MonitorMessages[P]['message'],
  ): Promise<MonitorMessages[P]['answer']> {
    if (!this.monitor.isConfigured) throw new ProblemError('monitor-off', {});
    try {
      return await this.monitor.send(pattern, question);
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      throw new ProblemError('monitor-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }, { cause: error });
    }
  }
}
