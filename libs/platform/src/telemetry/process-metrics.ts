// How this process itself is, in the terms of OpenTelemetry's conventions for processes and Node.js.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ObservedMetric } from './metrics';

const LOOP_SAMPLE_MS = 10;
/** Metrics that are looked at together tell of the same time. */
const SAME_LOOK_MS = 100;

const memoryUsage = new ObservedMetric('up-down counter', {
  name: 'process.memory.usage',
  unit: 'By',
  description: 'Physical memory of the process.',
  attributes: [],
});

const cpuTime = new ObservedMetric('counter', {
  name: 'process.cpu.time',
  unit: 's',
  description: 'CPU time of all threads of the process.',
  attributes: ['cpu.mode'],
});

const loopDelayP99 = new ObservedMetric('gauge', {
  name: 'nodejs.eventloop.delay.p99',
  unit: 's',
  description: `99th percentile of the event loop's delay since the last export; an idle loop shows its sampling of ${LOOP_SAMPLE_MS} ms.`,
  attributes: [],
});

const loopDelayMax = new ObservedMetric('gauge', {
  name: 'nodejs.eventloop.delay.max',
  unit: 's',
  description: 'Longest delay of the event loop since the last export.',
  attributes: [],
});

export function observeProcess(): void {
  memoryUsage.observe(() => [{ value: process.memoryUsage.rss() }]);
  cpuTime.observe(() => {
    const { user, system } = process.cpuUsage();
    return [
      { value: user / 1e6, attributes: { 'cpu.mode': 'user' } },
      { value: system / 1e6, attributes: { 'cpu.mode': 'system' } },
    ];
  });
  const delay = eventLoopDelay();
  loopDelayP99.observe(() => [{ value: delay().p99 }]);
  loopDelayMax.observe(() => [{ value: delay().max }]);
}

/** Gives the delays since the look before, in seconds. */
function eventLoopDelay(): () => { readonly p99: number; readonly max: number } {
  const histogram = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  histogram.enable();
  let lookedAt = -Infinity;
  let look = { p99: 0, max: 0 };
  return () => {
    if (performance.now() - lookedAt > SAME_LOOK_MS) {
      look = { p99: histogram.percentile(99) / 1e9, max: histogram.max / 1e9 };
      histogram.reset();
      lookedAt = performance.now();
    }
    return look;
  };
}
