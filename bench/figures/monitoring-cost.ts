// What it costs a classification that monitor is told of it: two systems in turns, one with a monitor and one without.
import { MonitorProcess } from '../../apps/monitor/test/support/monitor-process';
import { startSystem } from '../../test/support/system';
import { LoadGenerator } from '../load/load';
import { Plan } from '../options';
import { Profile } from '../photos';
import { median, Spread, spread, sum } from '../statistics';
import { httpSubject, interleave, Round, systemTarget } from '../subject';

export interface MonitoringCost {
  /** CPU time of was for an image, over the same without a monitor in the same round. */
  readonly was: Spread;
  /** Of web, was, endpoint and model, which observes the image. */
  readonly tiers: Spread;
  /** The median that eight clients see, over the same without a monitor. */
  readonly p50: Spread;
  /** CPU time of monitor for an image, in milliseconds. */
  readonly monitorCpuMs: Spread;
}

export async function measureMonitoringCost(plan: Plan, profile: Profile): Promise<MonitoringCost> {
  const generator = new LoadGenerator();
  const monitor = new MonitorProcess({ MONITOR_LOOK_SECONDS: '60', MONITOR_SAVE_SECONDS: '5' });
  const was = { WAS_MONITOR_HOST: '127.0.0.1', WAS_MONITOR_PORT: String(await monitor.messagePort()) };
  const { modelFolder } = plan;
  const [watched, alone] = await Promise.all([
    startSystem({ modelFolder, environment: { was } }),
    startSystem({ modelFolder }),
  ]);
  try {
    const subjects = [
      httpSubject(
        'watched',
        { ...(await watched.pids()), monitor: monitor.pid },
        generator,
        systemTarget(watched, 'form'),
      ),
      httpSubject('alone', await alone.pids(), generator, systemTarget(alone, 'form')),
    ];
    await interleave(subjects, profile, 1, { warmUpMs: 0, windowMs: plan.settlingMs });
    const window = { warmUpMs: plan.warmUpMs, windowMs: plan.windowMs[profile.id] };
    const rounds = await interleave(subjects, profile, plan.rounds, window);
    const [withMonitor = [], without = []] = [rounds.get('watched'), rounds.get('alone')];
    const over = (value: (round: Round) => number) =>
      spread(withMonitor.map((round, at) => value(round) / value(without[at] ?? round)));
    return {
      was: over(({ cpuMs }) => cpuMs['was'] ?? NaN),
      tiers: over(({ cpuMs: { monitor: _, ...tiers } }) => sum(Object.values(tiers))),
      p50: over(({ load }) => median(load?.latenciesMs ?? [])),
      monitorCpuMs: spread(withMonitor.map(({ cpuMs }) => cpuMs['monitor'] ?? NaN)),
    };
  } finally {
    await Promise.all([watched.stop(), alone.stop(), generator.stop()]);
    monitor.signal('SIGTERM');
    await monitor.exit;
  }
}
