import { MonitoringPattern, ObservedModel } from '@app/contracts/monitoring';
import { Deadline, TraceContext } from '@app/platform';
import { inSpan } from '@app/platform/telemetry';
import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Classifier } from '../classification/classifier.port';
import { MonitorClient } from './monitor-client.port';

/** Monitor asks with each batch until it has what it wants. */
const PAUSE_MS = 10_000;
const DESCRIBE_TIMEOUT_MS = 3000;

/** Fetches from the endpoint what monitor wants to compare images with. */
@Injectable()
export class BaselineSender {
  private readonly logger = new Logger('Monitoring');
  private lastBeganAt = -Infinity;

  constructor(
    private readonly classifier: Classifier,
    private readonly client: MonitorClient,
  ) {}

  /** Neither throws nor takes time. What fails is tried again when it is asked for again. */
  provide(missing: readonly ObservedModel[]): void {
    if (missing.length === 0 || performance.now() - this.lastBeganAt < PAUSE_MS) return;
    this.lastBeganAt = performance.now();
    // Nobody's request: a trace of its own.
    inSpan('provide baselines', {}, (span) => this.send(missing, span.trace)).catch((error: unknown) =>
      this.logger.warn({ err: error }, 'monitor did not get a baseline'),
    );
  }

  /** While a deployment is under way any of two models answers; the other one's turn comes. */
  private async send(missing: readonly ObservedModel[], trace: TraceContext): Promise<void> {
    const described = await this.classifier.describeBaseline({
      requestId: randomUUID(),
      trace,
      deadline: new Deadline(DESCRIBE_TIMEOUT_MS),
    });
    for (const model of missing) {
      if (described === undefined) await this.client.send(MonitoringPattern.baseline, { model });
      else if (described.model.name === model.name && described.model.version === model.version) {
        const { baseline } = described;
        await this.client.send(MonitoringPattern.baseline, { model, ...(baseline === null ? {} : { baseline }) });
      }
    }
  }
}
