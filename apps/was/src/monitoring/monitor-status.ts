import { TierReport } from '@app/contracts/classification';
import { MonitoringPattern } from '@app/contracts/monitoring';
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
    const isReached = await this.isReached();
    const latencyMs = Math.round((performance.now() - askedAt) * 10) / 10;
    const { waiting, dropped } = this.sender.counts;
    const events = { waiting, dropped };
    return isReached
      ? { name: 'monitor', status: 'ok', latencyMs, events }
      : { name: 'monitor', status: 'unavailable', events };
  }

  private async isReached(): Promise<boolean> {
    try {
      await this.client.send(MonitoringPattern.recent, { count: 1 });
      return true;
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      return false;
    }
  }
}
