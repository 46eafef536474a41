// Memory of all processes under load, and whether it grows. The system is alone then: memory that is shared with
// other programs would be divided among more of them.
import { RunningSystem } from '../../test/support/system';
import { BareProcess } from '../bare/bare-process';
import { LoadGenerator } from '../load/load';
import { Plan } from '../options';
import { Profile, Profiles } from '../photos';
import { memoryMb } from '../processes';
import { median, slope, Spread, spread, sum } from '../statistics';
import { httpSubject, systemTarget, Window } from '../subject';

export interface Memory {
  /** One process with one session, after a few hundred images. */
  readonly bareMb: number;
  /** All processes of the system under the load of small images, and of phone photos after it. */
  readonly smallMb: Spread;
  readonly phoneMb: Spread;
  readonly smallMbByProcess: Readonly<Record<string, number>>;
  readonly requests: number;
  /** MB per 1,000 requests. */
  readonly slopeMb: number;
  readonly slopeMbByProcess: Readonly<Record<string, number>>;
}

type Sample = Readonly<Record<string, number>>;

const SAMPLE_INTERVAL_MS = 1000;
const WINDOW: Window = { warmUpMs: 0, windowMs: 5000 };

/** Must run while no other program of the benchmark does, so before `measureMemory`'s system is started. */
export async function measureBareMemory(
  { modelFolder, warmUpMs, windowMs }: Plan,
  { files }: Profile,
): Promise<number> {
  const bare = new BareProcess('single', modelFolder, files[0] ?? '');
  await bare.ready;
  await bare.run({ files, warmUpMs, windowMs: windowMs.S }, () => undefined);
  const mb = memoryMb(bare.pid);
  await bare.stop();
  return mb;
}

export async function measureMemory(
  plan: Plan,
  { small, phone }: Pick<Profiles, 'small' | 'phone'>,
  system: RunningSystem,
  generator: LoadGenerator,
  bareMb: number,
): Promise<Memory> {
  const pids = await system.pids();
  const subject = httpSubject('system', pids, generator, systemTarget(system, 'form'));
  const load = async (profile: Profile, requests: number) => {
    const points: { readonly requests: number; readonly mb: Sample }[] = [];
    let done = 0;
    while (done < requests) {
      const samples: { readonly at: number; readonly mb: Sample }[] = [];
      const startedAt = performance.now();
      const sample = () => samples.push({ at: performance.now() - startedAt, mb: memoryOf(pids) });
      const timer = setInterval(sample, SAMPLE_INTERVAL_MS);
      const { imagesPerSecond } = await subject.round(profile, WINDOW).finally(() => clearInterval(timer));
      for (const { at, mb } of samples) points.push({ requests: done + (at / 1000) * imagesPerSecond, mb });
      done += (imagesPerSecond * WINDOW.windowMs) / 1000;
    }
    return points;
  };

  await load(small, plan.settlingRequests);
  const points = await load(small, plan.watchedRequests);
  const phonePoints = await load(phone, plan.quick ? 1 : 150);
  const names = Object.keys(pids);
  const slopeOf = (value: (mb: Sample) => number) =>
    1000 * slope(points.map(({ requests, mb }) => [requests, value(mb)] as const));
  return {
    bareMb,
    smallMb: spread(points.map(({ mb }) => total(mb))),
    phoneMb: spread(phonePoints.map(({ mb }) => total(mb))),
    smallMbByProcess: Object.fromEntries(names.map((name) => [name, median(points.map(({ mb }) => mb[name] ?? NaN))])),
    requests: plan.watchedRequests,
    slopeMb: slopeOf(total),
    slopeMbByProcess: Object.fromEntries(names.map((name) => [name, slopeOf((mb) => mb[name] ?? NaN)])),
  };
}

function memoryOf(pids: Readonly<Record<string, number>>): Sample {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryMb(pid)]));
}

function total(mb: Sample): number {
  return sum(Object.values(mb));
}
