// What it costs a classification to be watched: three systems in turns, one with a monitor, one that exports traces and metrics, and
// one with neither.
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { startSystem, SystemOptions } from '../../test/support/system';
import { LoadGenerator } from '../load/load';
import { Plan } from '../options';
import { Profile } from '../photos';
import { median, Spread, spread, sum } from '../statistics';
import { httpSubject, interleave, Round, systemTarget } from '../subject';

/** Over the system that is not watched, in the same round. */
interface Ratios {
  /** CPU time of was for an image. */
  readonly was: Spread;
  /** CPU time of web, was, endpoint and model for an image. */
  readonly tiers: Spread;
  /** The median that eight clients see. */
  readonly p50: Spread;
}

export interface WatchingCost {
  readonly monitored: Ratios;
  /** Every request recorded and exported over OTLP, to a collector that throws it away. */
  readonly traced: Ratios;
  /** CPU time of monitor for an image, in milliseconds. */
  readonly monitorCpuMs: Spread;
}

const UNMONITORED = ['endpoint', 'was', 'web'] as const;

export async function measureWatchingCost(plan: Plan, profile: Profile): Promise<WatchingCost> {
  const { modelFolder } = plan;
  const collector = await startCollector();
  const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_on' };
  const variants: Readonly<Record<'alone' | 'monitored' | 'traced', SystemOptions>> = {
    alone: { modelFolder, tiers: UNMONITORED },
    monitored: { modelFolder },
    traced: {
      modelFolder,
      tiers: UNMONITORED,
      environment: { endpoint: exporting, was: exporting, web: exporting },
    },
  };
  const generator = new LoadGenerator();
  const names = Object.keys(variants) as (keyof typeof variants)[];
  const systems = await Promise.all(names.map(async (name) => await startSystem(variants[name])));
  try {
    const subjects = await Promise.all(
      systems.map(async (system, at) =>
        httpSubject(names[at] ?? '', await system.pids(), generator, systemTarget(system, 'form')),
      ),
    );
    await interleave(subjects, profile, 1, { warmUpMs: 0, windowMs: plan.settlingMs });
    const window = { warmUpMs: plan.warmUpMs, windowMs: plan.windowMs[profile.id] };
    const rounds = await interleave(subjects, profile, plan.rounds, window);
    const of = (name: keyof typeof variants) => rounds.get(name) ?? [];
    return {
      monitored: ratios(of('monitored'), of('alone')),
      traced: ratios(of('traced'), of('alone')),
      monitorCpuMs: spread(of('monitored').map(({ cpuMs }) => cpuMs['monitor'] ?? NaN)),
    };
  } finally {
    await Promise.all([...systems.map(async (system) => await system.stop()), generator.stop()]);
    collector.stop();
  }
}

function ratios(watched: readonly Round[], alone: readonly Round[]): Ratios {
  const over = (value: (round: Round) => number) =>
    spread(watched.map((round, at) => value(round) / value(alone[at] ?? round)));
  return {
    was: over(({ cpuMs }) => cpuMs['was'] ?? NaN),
    tiers: over(({ cpuMs: { monitor: _, ...tiers } }) => sum(Object.values(tiers))),
    p50: over(({ load }) => median(load?.latenciesMs ?? [])),
  };
}

/** Takes what is exported and throws it away. */
async function startCollector(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
