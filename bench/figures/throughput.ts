// Images a second and CPU for an image: the system, the bare loop and the one-process application, in turns on the same cores.
import { parseServerTiming } from '@app/platform';
import { startSystem } from '../../test/support/system';
import { BareMode, BareProcess } from '../bare/bare-process';
import { LoadGenerator, LoadResult } from '../load/load';
import { Plan } from '../options';
import { Profile } from '../photos';
import { median, Spread, spread, sum } from '../statistics';
import { bareSubject, httpSubject, interleave, Round, startPeer, Subject, systemTarget } from '../subject';

export interface Throughput {
  readonly profile: Profile;
  /** The faster way to run the bare loop: what the others are compared with. */
  readonly limit: BareMode;
  readonly bareImagesPerSecond: Readonly<Record<'pool' | 'threads', number>>;
  readonly subjects: Readonly<Record<'bare' | 'form' | 'raw' | 'peer', SubjectFigures>>;
  readonly alone: Readonly<Record<'form' | 'peer', AloneFigures>>;
  /** CPU of everything else on the machine, as a share of all CPUs. */
  readonly foreignShare: Spread;
}

export interface SubjectFigures {
  readonly imagesPerSecond: Spread;
  /** Compared with the bare loop's of the same round. */
  readonly speed: Spread;
  /** For an image, all processes of the subject. */
  readonly cpuMs: Spread;
  readonly cpu: Spread;
  readonly cpuMsByProcess: Readonly<Record<string, number>>;
  readonly generatorCpuMs: number;
}

/** One request at a time. */
export interface AloneFigures {
  readonly p50Ms: Spread;
  /** p50 less the median of decode and infer, in milliseconds and as a share of decode and infer. */
  readonly overheadMs: Spread;
  readonly overheadShare: Spread;
  /** Medians of Server-Timing. */
  readonly stationsMs: Readonly<Record<string, number>>;
}

export async function measureThroughput(
  plan: Plan,
  profiles: readonly Profile[],
  say: (line: string) => void,
): Promise<readonly Throughput[]> {
  const [firstImage = ''] = profiles[0]?.files ?? [];
  const generator = new LoadGenerator();
  const pool = new BareProcess('pool', plan.modelFolder, firstImage);
  const threads = new BareProcess('threads', plan.modelFolder, firstImage);
  const [system, peer] = await Promise.all([
    startSystem({ modelFolder: plan.modelFolder }),
    startPeer(plan.modelFolder),
    pool.ready,
    threads.ready,
  ]);
  try {
    const pids = await system.pids();
    const peerTarget = { origin: peer.url, path: '/classify', field: 'image' };
    const results = [];
    for (const profile of profiles) {
      const window = { warmUpMs: plan.warmUpMs, windowMs: plan.windowMs[profile.id] };
      say(`${profile.id}: which bare loop is the faster one`);
      const trial = await interleave([bareSubject(pool), bareSubject(threads)], profile, plan.rounds, {
        ...window,
        windowMs: window.windowMs / 2,
      });
      const bareImagesPerSecond = { pool: speedOf(trial.get('pool')), threads: speedOf(trial.get('threads')) };
      const limit = bareImagesPerSecond.pool > bareImagesPerSecond.threads ? pool : threads;

      const subjects: readonly Subject[] = [
        { ...bareSubject(limit), name: 'bare' },
        httpSubject('form', pids, generator, systemTarget(system, 'form')),
        httpSubject('raw', pids, generator, systemTarget(system, 'raw')),
        httpSubject('peer', { peer: peer.pid }, generator, peerTarget),
      ];
      say(`${profile.id}: 8 clients, ${plan.rounds} rounds of ${subjects.length} x ${window.windowMs / 1000} s`);
      await interleave(subjects, profile, 1, { warmUpMs: 0, windowMs: plan.settlingMs });
      const rounds = await interleave(subjects, profile, plan.rounds, window);

      say(`${profile.id}: 1 client, ${plan.rounds} rounds of 2 x ${window.windowMs / 1000} s`);
      const alone = await interleave(
        [
          httpSubject('form', pids, generator, systemTarget(system, 'form'), 1),
          httpSubject('peer', { peer: peer.pid }, generator, peerTarget, 1),
        ],
        profile,
        plan.rounds,
        window,
      );
      const of = (name: string) => rounds.get(name) ?? [];
      results.push({
        profile,
        limit: limit.mode,
        bareImagesPerSecond,
        subjects: {
          bare: figuresOf(of('bare'), of('bare')),
          form: figuresOf(of('form'), of('bare')),
          raw: figuresOf(of('raw'), of('bare')),
          peer: figuresOf(of('peer'), of('bare')),
        },
        alone: { form: aloneOf(alone.get('form') ?? []), peer: aloneOf(alone.get('peer') ?? []) },
        foreignShare: spread([...rounds.values()].flat().map(({ foreignShare }) => foreignShare)),
      });
    }
    return results;
  } finally {
    await Promise.all([generator, pool, threads, peer, system].map((one) => one.stop()));
  }
}

function speedOf(rounds: readonly Round[] = []): number {
  return median(rounds.map(({ imagesPerSecond }) => imagesPerSecond));
}

function figuresOf(rounds: readonly Round[], bare: readonly Round[]): SubjectFigures {
  const names = Object.keys(rounds[0]?.cpuMs ?? {});
  return {
    imagesPerSecond: spread(rounds.map(({ imagesPerSecond }) => imagesPerSecond)),
    speed: spread(rounds.map(({ imagesPerSecond }, round) => imagesPerSecond / (bare[round]?.imagesPerSecond ?? NaN))),
    cpuMs: spread(rounds.map(totalCpuMs)),
    cpu: spread(rounds.map((one, round) => totalCpuMs(one) / totalCpuMs(bare[round]))),
    cpuMsByProcess: Object.fromEntries(
      names.map((name) => [name, median(rounds.map(({ cpuMs }) => cpuMs[name] ?? NaN))]),
    ),
    generatorCpuMs: median(rounds.map(({ generatorCpuMs }) => generatorCpuMs)),
  };
}

function totalCpuMs(round: Round | undefined): number {
  return sum(Object.values(round?.cpuMs ?? {}));
}

function aloneOf(rounds: readonly Round[]): AloneFigures {
  const loads = rounds.flatMap(({ load }) => (load === undefined ? [] : [load]));
  const perRound = loads.map((load) => {
    const modelMs = median(stationsOf(load).map(({ decode = NaN, infer = NaN }) => decode + infer));
    return { p50Ms: median(load.latenciesMs), modelMs };
  });
  const stations = loads.flatMap(stationsOf);
  const names = Object.keys(stations[0] ?? {});
  return {
    p50Ms: spread(perRound.map(({ p50Ms }) => p50Ms)),
    overheadMs: spread(perRound.map(({ p50Ms, modelMs }) => p50Ms - modelMs)),
    overheadShare: spread(perRound.map(({ p50Ms, modelMs }) => (p50Ms - modelMs) / modelMs)),
    stationsMs: Object.fromEntries(names.map((name) => [name, median(stations.map((one) => one[name] ?? NaN))])),
  };
}

function stationsOf({ serverTimings }: LoadResult) {
  return serverTimings.map(parseServerTiming);
}
