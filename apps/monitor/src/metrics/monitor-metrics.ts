import { DECISIONS } from '@app/contracts/classification';
import { DriftState, ObservedModel } from '@app/contracts/monitoring';
import { Injectable } from '@nestjs/common';
import { DriftWatch } from '../watch/drift-watch';
import { Observations } from '../observation/observations';
import { windowStart, WINDOWS } from '../observation/windows';
import { combineWindow, modelsIn } from '../query/combined-window';
import { StateKeeper } from '../state/state-keeper';
import { TrafficCounters } from '../transport/traffic-counters';
import { Metric, Sample } from './prometheus-text';

/** For alarms: above 1 is drift. */
export const DRIFT_STATE_VALUES: Readonly<Record<DriftState, number>> = { waiting: 0, quiet: 0, watch: 1, drift: 2 };

/**
 * What alarms are built on. Counters are of this monitor alone, so that they can be summed over several; windows and drift are over
 * all that share the state.
 */
@Injectable()
export class MonitorMetrics {
  constructor(
    private readonly own: Observations,
    private readonly keeper: StateKeeper,
    private readonly watch: DriftWatch,
    private readonly counters: TrafficCounters,
  ) {}

  collect(now: number): Metric[] {
    return [...this.models(), ...this.windows(now), ...this.drift(), ...this.service()];
  }

  private models(): Metric[] {
    const histories = this.own.histories();
    const classifications = histories.flatMap(({ model, totals }) =>
      DECISIONS.map((decision) => ({ labels: { ...labelsOf(model), decision }, value: totals[decision] })),
    );
    const feedback = histories.flatMap(({ model, totals }) => [
      { labels: { ...labelsOf(model), right: 'true' }, value: totals.feedbackRight },
      { labels: { ...labelsOf(model), right: 'false' }, value: totals.feedback - totals.feedbackRight },
    ]);
    return [
      counter('classifier_classifications_total', 'Classifications by decision.', classifications),
      counter('classifier_feedback_total', 'What people said of answers.', feedback),
    ];
  }

  private windows(now: number): Metric[] {
    const parts = this.keeper.parts();
    const rates: Sample[] = [];
    const shares: Sample[] = [];
    const latencies: Sample[] = [];
    for (const { name: window } of WINDOWS) {
      for (const model of modelsIn(parts, windowStart(window, now))) {
        const { total } = combineWindow(parts, model, window, now);
        const labels = { ...labelsOf(model), window };
        rates.push({ labels, value: total.events });
        for (const decision of DECISIONS) {
          shares.push({
            labels: { ...labels, decision },
            value: total.decisions[decision] / Math.max(1, total.events),
          });
        }
        for (const quantile of [0.5, 0.95, 0.99]) {
          const value = total.latency.quantile(quantile);
          if (value !== null)
            latencies.push({ labels: { ...labels, quantile: String(quantile) }, value: value / 1000 });
        }
      }
    }
    return [
      gauge('classifier_window_classifications', 'Classifications in the window.', rates),
      gauge('classifier_decision_share', 'Share of the classifications in the window.', shares),
      gauge('classifier_latency_seconds', 'Quantiles of the time to an answer in the window.', latencies),
    ];
  }

  private drift(): Metric[] {
    const checks = this.watch
      .reports()
      .flatMap(({ model, window, checks }) =>
        checks.map((check) => ({ ...check, labels: { ...(model && labelsOf(model)), window, check: check.name } })),
      );
    const overall = this.watch.reports().map(({ model, window, state }) => ({
      labels: { ...(model && labelsOf(model)), window },
      value: DRIFT_STATE_VALUES[state],
    }));
    return [
      gauge(
        'classifier_drift_score',
        'How large a change is.',
        checks.map(({ labels, score }) => ({ labels, value: score })),
      ),
      gauge(
        'classifier_drift_limit',
        'From where on it matters.',
        checks.map(({ labels, limit }) => ({ labels, value: limit })),
      ),
      gauge(
        'classifier_drift_check_state',
        '0 quiet or waiting, 1 beyond chance, 2 drift.',
        checks.map(({ labels, state }) => ({ labels, value: DRIFT_STATE_VALUES[state] })),
      ),
      gauge('classifier_drift_state', 'The gravest state of all checks.', overall),
    ];
  }

  private service(): Metric[] {
    const { own, counters, keeper } = this;
    return [
      counter('monitor_dropped_events_total', 'Events that sources have thrown away.', [{ value: own.dropped }]),
      counter('monitor_refused_batches_total', 'Batches that were refused.', [{ value: own.refusedBatches }]),
      counter('monitor_misdated_events_total', 'Events not counted for their time.', [{ value: own.misdated }]),
      counter('monitor_refused_messages_total', 'Messages that were refused.', [{ value: counters.refusedMessages }]),
      counter('monitor_repeated_batches_total', 'Batches that had come before.', [{ value: counters.repeatedBatches }]),
      counter('monitor_failed_state_accesses_total', 'Failures of the state store.', [
        { value: keeper.failedAccesses },
      ]),
      gauge('monitor_connections', 'Open connections of senders.', [{ value: counters.connections }]),
      gauge('monitor_parts', 'Monitors whose state is known.', [{ value: keeper.parts().length }]),
    ];
  }
}

function labelsOf({ name, version }: ObservedModel): { model: string; version: string } {
  return { model: name, version };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'counter', help, samples };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples };
}
