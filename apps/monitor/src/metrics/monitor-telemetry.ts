import { MonitorWindow } from '@app/contracts/monitoring';
import { ObservedMetric, Sample } from '@app/platform/telemetry';
import { Injectable } from '@nestjs/common';
import { TrafficCounters } from '../transport/traffic-counters';
import { DriftWatch } from '../watch/drift-watch';
import { DRIFT_STATE_VALUES } from './monitor-metrics';

const rejected = new ObservedMetric('counter', {
  name: 'classifier.monitor.rejected',
  unit: '{item}',
  description:
    'Messages that were refused, batches that had come before, and events that were not counted for their time.',
  attributes: ['reason'],
});

const driftState = new ObservedMetric('gauge', {
  name: 'classifier.drift.state',
  unit: '1',
  description: '0 quiet or waiting, 1 beyond chance, 2 drift.',
  attributes: ['check', 'window', 'model.name', 'model.version'],
});

/** What monitor exports of itself and of drift. Figures of windows are at `/metrics`, where they are computed when they are asked for. */
@Injectable()
export class MonitorTelemetry {
  constructor(
    private readonly counters: TrafficCounters,
    private readonly watch: DriftWatch,
  ) {
    rejected.observe(() => [
      { value: this.counters.refusedMessages, attributes: { reason: 'refused-message' } },
      { value: this.counters.repeatedBatches, attributes: { reason: 'repeated-batch' } },
      { value: this.counters.misdatedEvents, attributes: { reason: 'misdated-event' } },
    ]);
    driftState.observe(() => this.driftStates());
  }

  private driftStates(): Sample<'check' | 'window' | 'model.name' | 'model.version'>[] {
    return this.watch.reports().flatMap(({ model, window, checks }) =>
      checks.map(({ name, state }) => ({
        value: DRIFT_STATE_VALUES[state],
        attributes: {
          check: name,
          window: window satisfies MonitorWindow,
          ...(model === undefined ? {} : { 'model.name': model.name, 'model.version': model.version }),
        },
      })),
    );
  }
}
