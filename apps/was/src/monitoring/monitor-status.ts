import { TierReport } from '@app/contracts/classification';
import { MonitoringPattern, RecentEvents } from '@app/contracts/monitoring';
import { Injectable } from '@nestjs/common';
import { EventSender } from './event-sender';
import { MonitorClient, MonitorError } from './monitor-client.port';

/** How monitor is, and how many events have not got there. It is told in public, so not where monitor is: `EventSender` logs that. */
@Injectable()
export class MonitorStatus {
  constructor(
    private readonly client: MonitorClient,
    private readonly sender: EventSender,
  ) {}

  /** Nothing for a system without monitor. */
  async tier(): Promise<TierReport | undefined> {
    if (!this.client.isConfigured) return undefined;
    const askedAt = performance.now();
    const answer = await this.answer();
    const latencyMs = Math.round((performance.now() - askedAt) * 10) / 10;
    const { waiting, dropped } = this.sender.counts;
    const events = { waiting, dropped };
    if (answer === undefined) return { name: 'monitor', status: 'unavailable', events };
    const { version, build } = answer;
    return {
      name: 'monitor',
      status: 'ok',
      ...(version === undefined ? {} : { version }),
      ...(build === undefined ? {} : { build }),
      latencyMs,
      events,
    };
  }

  /** Nothing when it is not reached. */
  private async answer(): Promise<RecentEvents | undefined> {
    try {
      return await this.client.send(MonitoringPattern.recent, { count: 1 });
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      return undefined;
    }
  }
}
