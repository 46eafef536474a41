import type { FeedbackEvent } from '@app/contracts/monitoring';
import { MonitoringPattern } from '@app/contracts/monitoring';
import { Injectable, Logger } from '@nestjs/common';
import { FeedbackListener } from '../feedback/feedback-listener.port';
import { MonitorClient } from './monitor-client.port';

/** Tells monitor what people say of answers. Feedback is rare, and stored before: what monitor misses is missing in its figures alone. */
@Injectable()
export class MonitorFeedbackListener extends FeedbackListener {
  private readonly logger = new Logger('Monitoring');

  constructor(private readonly client: MonitorClient) {
    super();
  }

  stored(event: FeedbackEvent): void {
    if (!this.client.isConfigured) return;
    this.client.send(MonitoringPattern.feedback, event).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'monitor did not get a feedback');
    });
  }
}
