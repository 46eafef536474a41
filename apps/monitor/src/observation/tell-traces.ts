// Lets a trace be followed to its end, here: by a span, and by a line in the log for whoever looks for its id.
import { EventBatch, MonitoringPattern } from '@app/contracts/monitoring';
import { parseTraceparent } from '@app/platform';
import { startSpan } from '@app/platform/telemetry';
import { Logger } from '@nestjs/common';

const logger = new Logger('Observation');

/** The events of a batch were counted together, from `startedAt` (as `performance.now()` gives it) until now. */
export function tellTraces({ traceparents = [], events }: EventBatch, startedAt: number): void {
  const traces = traceparents
    .map((traceparent) => parseTraceparent(traceparent))
    .filter((trace) => trace !== undefined);
  for (const parent of traces) {
    startSpan('count classification', {
      kind: 'consumer',
      parent,
      startedAt,
      attributes: {
        'messaging.operation.type': 'process',
        'messaging.destination.name': MonitoringPattern.events,
        'messaging.batch.message_count': events.length,
      },
    }).end();
  }
  logger.debug({ events: events.length, traceIds: traces.map(({ traceId }) => traceId) }, 'counted a batch');
}
