// Memory of all processes under load, and whether it grows. The system is alone then: memory that is shared with
// other programs would be divided among more of them.
import { distFile } from '@app/sagemaker-local';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunningSystem, Tier } from '../../test/support/system';
import { BareProcess } from '../bare/bare-process';
import { LoadGenerator } from '../load/load';
import { Plan } from '../options';
import { Profile, Profiles } from '../photos';
import { memoryMb } from '../../test/support/processes';
import { median, slope, Spread, spread, sum } from '../statistics';
import { httpSubject, systemTarget } from '../subject';

export interface Memory {
  /** One process with one session, after a few hundred images. */
  readonly bareMb: number;
  /** All processes of the system under the load of small images, and of phone photos. */
  readonly smallMb: Spread;
  readonly phoneMb: Spread;
  readonly smallMbByProcess: Readonly<Record<string, number>>;
  readonly requests: number;
  /** MB per 1,000 requests, garbage collected. */
  readonly slopeMb: number;
  readonly slopeMbByProcess: Readonly<Record<string, number>>;
}

type Sample = Readonly<Record<string, number>>;

const SAMPLE_INTERVAL_MS = 1000;
const STEP_REQUESTS = 1000;
const COLLECTING_MS = 1000;

/** For the system whose memory is to be measured: gives it a way to be told to collect its garbage. */
export function watchable(): Record<Tier, { NODE_OPTIONS: string }> {
  const environment = { NODE_OPTIONS: `--require ${JSON.stringify(distFile('bench/collect-garbage.js'))}` };
  return { endpoint: environment, monitor: environment, was: environment, web: environment };
}

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
  /** Gives samples taken meanwhile. */
  const load = async (profile: Profile, windowMs: number) => {
    const samples: Sample[] = [];
    const timer = setInterval(() => samples.push(memoryOf(pids)), SAMPLE_INTERVAL_MS);
    const { imagesPerSecond } = await subject
      .round(profile, { warmUpMs: 0, windowMs })
      .finally(() => clearInterval(timer));
    return { samples, requests: (imagesPerSecond * windowMs) / 1000 };
  };
  const smallLoadMs = 3 * plan.settlingMs;
  const smallLoad = await load(small, smallLoadMs);

  const points: { readonly requests: number; readonly mb: Sample }[] = [];
  for (let done = 0; done < plan.watchedRequests;) {
    await collectGarbage(pids);
    points.push({ requests: done, mb: memoryOf(pids) });
    done += (await load(small, (STEP_REQUESTS * smallLoadMs) / smallLoad.requests)).requests;
  }
  const phoneLoad = await load(phone, plan.settlingMs);

  const names = Object.keys(pids);
  const slopeOf = (value: (mb: Sample) => number) =>
    1000 * slope(points.map(({ requests, mb }) => [requests, value(mb)] as const));
  return {
    bareMb,
    smallMb: spread(smallLoad.samples.map(total)),
    phoneMb: spread(phoneLoad.samples.map(total)),
    smallMbByProcess: Object.fromEntries(
      names.map((name) => [name, median(smallLoad.samples.map((mb) => mb[name] ?? NaN))]),
    ),
    requests: plan.watchedRequests,
    slopeMb: slopeOf(total),
    slopeMbByProcess: Object.fromEntries(names.map((name) => [name, slopeOf((mb) => mb[name] ?? NaN)])),
  };
}

async function collectGarbage(pids: Readonly<Record<string, number>>): Promise<void> {
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGUSR2');
  await sleep(COLLECTING_MS);
}

function memoryOf(pids: Readonly<Record<string, number>>): Sample {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryMb(pid)]));
}

function total(mb: Sample): number {
  return sum(Object.values(mb));
}
