// Brings events to monitor without ever being in the way: it keeps what monitor does not take for a while, and then the latest.
import { Classification } from '@app/contracts/classification';
import { EventBatch, MAX_BATCH_EVENTS, MonitoringPattern } from '@app/contracts/monitoring';
import { formatTraceparent, TraceContext } from '@app/platform';
import { ObservedMetric } from '@app/platform/telemetry';
import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { ExponentialBackoff, IBackoff } from 'cockatiel';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClassifierAnswer } from '../classification/classifier.port';
import { BaselineSender } from './baseline-sender';
import { classificationEvent } from './classification-event';
import { ClassificationListener } from './classification-listener.port';
import { MonitorClient, MonitorError } from './monitor-client.port';

/** Events that wait for a batch; about a kilobyte each. */
export const MAX_WAITING_EVENTS = 2000;
/** How long the first event of a batch waits for others. */
const COLLECT_MS = 1000;
/** Until the first attempt after a failure, about; twice as long after each further one, up to the limit. */
const FIRST_RETRY_MS = 500;
const RETRY_LIMIT_MS = 30_000;
/** For what still waits when the process ends. */
const FAREWELL_MS = 1000;

const RETRIES = new ExponentialBackoff({ initialDelay: FIRST_RETRY_MS, maxDelay: RETRY_LIMIT_MS });

const events = new ObservedMetric('counter', {
  name: 'classifier.monitor.events',
  unit: '{event}',
  description: 'Events that monitor has taken (`sent`), and that were thrown away (`dropped`).',
  attributes: ['outcome'],
});

const waitingEvents = new ObservedMetric('up-down counter', {
  name: 'classifier.monitor.waiting',
  unit: '{event}',
  description: 'Events that monitor has not taken yet.',
  attributes: [],
});

interface WaitingEvent {
  readonly event: EventBatch['events'][number];
  readonly traceparent: string;
}

export interface EventCounts {
  /** Not taken by monitor yet. */
  readonly waiting: number;
  /** Thrown away since the process began. */
  readonly dropped: number;
}

/**
 * Sends a batch every second, or as soon as one is full, and the next when it was taken. A batch that is not answered is sent again
 * as it is, so that monitor can tell that it had it; one that is refused is thrown away.
 */
@Injectable()
export class EventSender extends ClassificationListener implements OnApplicationShutdown {
  private readonly logger = new Logger('Monitoring');
  /** Monitor tells senders and their lives apart by it. */
  private readonly source = randomUUID();
  private readonly waiting: WaitingEvent[] = [];
  private sent = 0;
  private dropped = 0;
  private sequence = 0;
  /** On its way, or to be sent again. */
  private batch: EventBatch | undefined;
  private sending: Promise<boolean> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retry: IBackoff<unknown> | undefined;
  private isClosing = false;
  /** So that a failure is logged once and not with each batch. */
  private trouble: MonitorError['code'] | undefined;

  constructor(
    private readonly client: MonitorClient,
    private readonly baselines: BaselineSender,
  ) {
    super();
    if (!client.isConfigured) return;
    events.observe(() => [
      { value: this.sent, attributes: { outcome: 'sent' } },
      { value: this.dropped, attributes: { outcome: 'dropped' } },
    ]);
    waitingEvents.observe(() => [{ value: this.counts.waiting }]);
  }

  get observes(): boolean {
    return this.client.isConfigured;
  }

  get counts(): EventCounts {
    return { waiting: this.waiting.length + (this.batch?.events.length ?? 0), dropped: this.dropped };
  }

  classified(classification: Classification, answer: ClassifierAnswer, trace: TraceContext): void {
    if (!this.client.isConfigured) return;
    const event = classificationEvent(classification, answer, Date.now());
    this.waiting.push({ event, traceparent: formatTraceparent(trace) });
    if (this.waiting.length > MAX_WAITING_EVENTS) {
      this.waiting.shift();
      this.dropped += 1;
    }
    if (this.waiting.length === MAX_BATCH_EVENTS && this.batch === undefined) this.plan(0);
    else if (this.timer === undefined) this.plan(COLLECT_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.timer);
    await Promise.race([this.sendAll(), sleep(FAREWELL_MS, undefined, { ref: false })]);
    this.client.close();
    const { waiting, dropped } = this.counts;
    if (waiting > 0) this.logger.warn(`monitor was not told of ${waiting} events at the end, and of ${dropped} before`);
  }

  /** From a timer, so that it is no part of any request. */
  private plan(delayMs: number): void {
    if (this.sending !== undefined || this.isClosing) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.sendNext(), delayMs);
  }

  private async sendNext(): Promise<void> {
    this.sending = this.sendBatch();
    await this.sending;
    this.sending = undefined;
    this.timer = undefined;
    if (this.retry !== undefined) this.plan(this.retry.duration);
    else if (this.waiting.length > 0) this.plan(this.waiting.length < MAX_BATCH_EVENTS ? COLLECT_MS : 0);
  }

  /** Each batch once, until one fails. */
  private async sendAll(): Promise<void> {
    await this.sending;
    while (this.counts.waiting > 0 && (await this.sendBatch()));
  }

  /** Whether the batch is done with; else it is to be sent again. */
  private async sendBatch(): Promise<boolean> {
    this.batch ??= this.nextBatch();
    try {
      const { missingBaselines } = await this.client.send(MonitoringPattern.events, this.batch);
      this.sent += this.batch.events.length;
      this.endTrouble();
      this.baselines.provide(missingBaselines);
    } catch (error) {
      const trouble = error instanceof MonitorError ? error : senselessAnswer(error);
      this.tellTrouble(trouble);
      if (trouble.code === 'unreachable') {
        this.retry = this.retry?.next(undefined) ?? RETRIES.next();
        return false;
      }
      this.dropped += this.batch.events.length;
    }
    this.retry = undefined;
    this.batch = undefined;
    return true;
  }

  private nextBatch(): EventBatch {
    const next = this.waiting.splice(0, MAX_BATCH_EVENTS);
    this.sequence += 1;
    return {
      source: this.source,
      sequence: this.sequence,
      dropped: this.dropped,
      events: next.map(({ event }) => event),
      traceparents: next.map(({ traceparent }) => traceparent),
    };
  }

  private tellTrouble({ code, message }: MonitorError): void {
    if (this.trouble === code) return;
    this.trouble = code;
    this.logger.warn(
      code === 'refused'
        ? `monitor refuses what it is told of classifications; it is thrown away: ${message}`
        : `monitor cannot be told of classifications; they wait, at most ${MAX_WAITING_EVENTS}: ${message}`,
    );
  }

  private endTrouble(): void {
    if (this.trouble !== undefined) this.logger.log(`monitor is told again; ${this.dropped} events were thrown away`);
    this.trouble = undefined;
  }
}

/** Nothing that monitor answers may end this process. */
function senselessAnswer(cause: unknown): MonitorError {
  return new MonitorError('refused', 'its answer makes no sense', { cause });
}
