import {
  type BaselineReceipt,
  type BatchReceipt,
  EventBatch,
  FeedbackEvent,
  type FeedbackReceipt,
  ModelBaseline,
  MonitoringPattern,
} from '@app/contracts/monitoring';
import { CounterMetric } from '@app/platform/telemetry';
import { Controller, Logger, UseFilters, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { BaselineError, readBaseline } from '../drift/read-baseline';
import { messageValidation } from '../transport/message-validation';
import { RefusalError } from '../transport/refusal';
import { RefusalFilter } from '../transport/refusal.filter';
import { TrafficCounters } from '../transport/traffic-counters';
import { Observations } from './observations';
import { tellTraces } from './tell-traces';

const received = new CounterMetric({
  name: 'classifier.monitor.received',
  unit: '{event}',
  description: 'Events that were taken: of classifications and of feedback.',
  attributes: ['event'],
});

/** Takes what is told. Nothing here waits: a sender that gives up is not noticed, and work for it would go on. */
@Controller()
@UsePipes(messageValidation)
@UseFilters(RefusalFilter)
export class ObservationController {
  private readonly logger = new Logger('Observation');

  constructor(
    private readonly observations: Observations,
    private readonly counters: TrafficCounters,
  ) {}

  @MessagePattern(MonitoringPattern.events)
  addEvents(@Payload() batch: EventBatch): BatchReceipt {
    const startedAt = performance.now();
    const misdatedBefore = this.observations.misdated;
    const receipt = this.observations.addBatch(batch, Date.now());
    this.counters.misdatedEvents += this.observations.misdated - misdatedBefore;
    if (receipt.accepted) {
      received.add(batch.events.length, { event: 'classification' });
      tellTraces(batch, startedAt);
    } else this.counters.repeatedBatches += 1;
    return receipt;
  }

  @MessagePattern(MonitoringPattern.feedback)
  addFeedback(@Payload() feedback: FeedbackEvent): FeedbackReceipt {
    const accepted = this.observations.addFeedback(feedback, Date.now());
    if (accepted) received.add(1, { event: 'feedback' });
    return { accepted };
  }

  /** A baseline that makes no sense is refused, and the model is compared with its own first images. */
  @MessagePattern(MonitoringPattern.baseline)
  addBaseline(@Payload() { model, baseline }: ModelBaseline): BaselineReceipt {
    try {
      const compared = baseline === undefined ? undefined : readBaseline(baseline);
      this.observations.adoptPackage(model, compared, Date.now());
      this.logger.log({ model, images: compared?.images }, compared === undefined ? 'no baseline' : 'got the baseline');
      return { accepted: true };
    } catch (error) {
      if (!(error instanceof BaselineError)) throw error;
      this.observations.adoptPackage(model, undefined, Date.now());
      throw new RefusalError(error.message);
    }
  }
}
