// How many events monitor takes on one core, and whether its memory grows with them.
import { distFile } from '@app/sagemaker-local';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MonitorClient } from '../../apps/monitor/test/support/monitor-client';
import { MonitorProcess } from '../../apps/monitor/test/support/monitor-process';
import { baselineOf, MODEL, TrafficSource } from '../../apps/monitor/test/support/synthetic-traffic';
import { MonitoringPattern } from '@app/contracts/monitoring';
import { Plan } from '../options';
import { cpuSeconds, memoryMb } from '../../test/support/processes';
import { slope } from '../statistics';

export interface Monitoring {
  readonly events: number;
  /** Over the CPU time of the process, all threads. */
  readonly eventsPerCpuSecond: number;
  /** By the clock, while the sender uses the same cores. */
  readonly eventsPerSecond: number;
  /** At the end. */
  readonly mb: number;
  /** MB per 100,000 events, garbage collected, once the windows are full. */
  readonly slopeMb: number;
}

const BATCH = 500;
/** On their way at the same time. */
const BATCHES_AT_ONCE = 4;
const STEPS = 10;
/** A little less than the longest window: the first events must not be too old before they are sent. */
const WEEK_MS = 600_000_000;
const COLLECTING_MS = 1000;

export async function measureMonitor({ monitorEvents }: Plan): Promise<Monitoring> {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-bench-'));
  const monitor = new MonitorProcess({
    MONITOR_STATE: folder,
    MONITOR_SAVE_SECONDS: '5',
    MONITOR_LOOK_SECONDS: '60',
    NODE_OPTIONS: `--require ${JSON.stringify(distFile('bench/collect-garbage.js'))}`,
  });
  const client = new MonitorClient(await monitor.messagePort());
  try {
    const traffic = new TrafficSource(1);
    await client.ask(MonitoringPattern.baseline, { model: MODEL, baseline: baselineOf(traffic.events(300)) });
    const pool = traffic.events(BATCH);
    const from = Date.now() - WEEK_MS;
    const fullAfter = 0.4 * monitorEvents; // then the week begins again, with events that come late
    const timeOf = (number: number) => Math.floor(from + ((number % fullAfter) / fullAfter) * WEEK_MS);
    let sent = 0;
    const send = async (until: number) => {
      while (sent < until) {
        const first = sent;
        sent += BATCH;
        await client.sendEvents(pool.map((event, index) => Object.assign({}, event, { at: timeOf(first + index) })));
      }
    };

    const points: (readonly [events: number, mb: number])[] = [];
    let cpu = 0;
    let elapsedMs = 0;
    for (let step = 1; step <= STEPS; step += 1) {
      const before = { cpu: cpuSeconds(monitor.pid), at: performance.now() };
      const until = (step * monitorEvents) / STEPS;
      await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, () => send(until)));
      cpu += cpuSeconds(monitor.pid) - before.cpu;
      elapsedMs += performance.now() - before.at;
      monitor.signal('SIGUSR2');
      await sleep(COLLECTING_MS);
      if (until >= fullAfter) points.push([until, memoryMb(monitor.pid)]);
    }
    return {
      events: sent,
      eventsPerCpuSecond: sent / cpu,
      eventsPerSecond: (1000 * sent) / elapsedMs,
      mb: points.at(-1)?.[1] ?? NaN,
      slopeMb: 100_000 * slope(points),
    };
  } finally {
    client.close();
    monitor.signal('SIGTERM');
    await monitor.exit;
    rmSync(folder, { recursive: true, force: true });
  }
}
