// What was does: Nest's own client, one question after the other or several at once.
import {
  BaselineReceipt,
  BatchReceipt,
  ClassificationEvent,
  DriftReport,
  FeedbackReceipt,
  MonitoringPattern,
  MonitorQuery,
  MonitorSummary,
  RecentEvents,
} from '@app/contracts/monitoring';
import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';

interface Answers {
  [MonitoringPattern.events]: BatchReceipt;
  [MonitoringPattern.feedback]: FeedbackReceipt;
  [MonitoringPattern.baseline]: BaselineReceipt;
  [MonitoringPattern.summary]: MonitorSummary;
  [MonitoringPattern.drift]: DriftReport;
  [MonitoringPattern.recent]: RecentEvents;
}

export class MonitorClient {
  private readonly client: ClientTCP;
  private sequence = 0;

  constructor(
    port: number,
    readonly source = 'was-1',
  ) {
    this.client = new ClientTCP({ host: '127.0.0.1', port });
  }

  async ask<Pattern extends keyof Answers>(pattern: Pattern, message: unknown): Promise<Answers[Pattern]> {
    return await firstValueFrom(this.client.send<Answers[Pattern]>(pattern, message));
  }

  async sendEvents(events: readonly ClassificationEvent[]): Promise<BatchReceipt> {
    this.sequence += 1;
    return await this.ask(MonitoringPattern.events, this.batch(events, this.sequence));
  }

  batch(events: readonly ClassificationEvent[], sequence: number, dropped = 0): object {
    return { source: this.source, sequence, dropped, events };
  }

  async summary(query: MonitorQuery = { window: '1h' }): Promise<MonitorSummary> {
    return await this.ask(MonitoringPattern.summary, query);
  }

  async drift(query: MonitorQuery = { window: '1h' }): Promise<DriftReport> {
    return await this.ask(MonitoringPattern.drift, query);
  }

  close(): void {
    this.client.close();
  }
}
