import { loadConfig } from '@app/platform';
import { Logger } from '@nestjs/common';
import { baselineOf, MODEL, TrafficSource } from '../../test/support/synthetic-traffic';
import { MonitorConfig } from '../monitor.config';
import { Observations } from '../observation/observations';
import { MemoryStateStore } from '../state/memory-state-store';
import { StateKeeper } from '../state/state-keeper';
import { TrafficCounters } from '../transport/traffic-counters';
import { DriftWatch } from '../watch/drift-watch';
import { EmbeddedMetrics } from './embedded-metrics';
import { MonitorMetrics } from './monitor-metrics';
import { formatMetrics } from './prometheus-text';

const NOW = Date.UTC(2026, 10, 23, 12);
const traffic = new TrafficSource(9);

function monitor() {
  const config = loadConfig(MonitorConfig, { MONITOR_EMF: 'true', MONITOR_EMF_NAMESPACE: 'ImageClassifier/x-demo' });
  const own = new Observations();
  const keeper = new StateKeeper(own, new MemoryStateStore(), config);
  const watch = new DriftWatch(own, keeper, config);
  const metrics = new MonitorMetrics(own, keeper, watch, new TrafficCounters());
  return { own, watch, metrics, embedded: new EmbeddedMetrics(own, keeper, watch, config) };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('formatMetrics', () => {
  it('writes the text format, with labels escaped', () => {
    const samples = [{ labels: { model: 'a"b\\c\nd' }, value: 1.5 }];

    expect(formatMetrics([{ name: 'x', type: 'gauge', help: 'X.', samples }])).toBe(
      '# HELP x X.\n# TYPE x gauge\nx{model="a\\"b\\\\c\\nd"} 1.5\n',
    );
    expect(formatMetrics([{ name: 'x', type: 'gauge', help: 'X.', samples: [] }])).toBe('');
  });
});

describe('metrics', () => {
  it('say that a model drifts', () => {
    const { own, watch, metrics, embedded } = monitor();
    own.adoptPackage(MODEL, baselineOf(traffic.events(300)), NOW);
    own.addBatch({ source: 'a', sequence: 1, dropped: 4, events: traffic.events(300, { sharpness: -3 }, NOW) }, NOW);
    watch.lookAtAll(NOW);

    const text = formatMetrics(metrics.collect(NOW));
    expect(text).toContain('classifier_drift_state{model="flowers",version="1.0.0",window="5m"} 2\n');
    expect(text).toContain(
      'classifier_drift_check_state{model="flowers",version="1.0.0",window="5m",check="labels"} 0\n',
    );
    expect(text).toContain('monitor_dropped_events_total 4\n');
    expect(embedded.document(NOW)).toMatchObject({
      _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'ImageClassifier/x-demo', Dimensions: [['service']] }] },
      DriftState: 2,
      Classifications: 300,
      UnknownShare: 0,
    });
  });

  it('are there before anything was seen', () => {
    const { metrics, embedded } = monitor();

    expect(formatMetrics(metrics.collect(NOW))).toContain('monitor_parts 1\n');
    expect(embedded.document(NOW)).toMatchObject({ DriftState: 0, Classifications: 0 });
    expect(embedded.document(NOW)).not.toHaveProperty('UnknownShare');
  });

  it('name in CloudWatch only figures that are in the line', () => {
    const { own, embedded } = monitor();
    own.addBatch({ source: 'a', sequence: 1, dropped: 0, events: traffic.events(5, {}, NOW) }, NOW);

    const document = embedded.document(NOW);
    const { CloudWatchMetrics } = document['_aws'] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
    const names = CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name) ?? [];

    expect(names).toContain('LatencyP95');
    expect(names.filter((name) => typeof document[name] !== 'number')).toEqual([]);
  });
});
