// What is left of the throughput when twice as much is asked for as can be done.
import { RunningSystem } from '../../test/support/system';
import { LoadGenerator } from '../load/load';
import { Plan } from '../options';
import { Profile } from '../photos';
import { quantile, Spread, spread, sum } from '../statistics';
import { httpSubject, systemTarget } from '../subject';

export interface Overload {
  readonly saturationPerSecond: Spread;
  readonly offeredPerSecond: Spread;
  readonly goodputPerSecond: Spread;
  /** Goodput over the saturation of the same round. */
  readonly ratio: Spread;
  /** p99 of the accepted, from the moment they were due; and at saturation with eight clients. */
  readonly acceptedP99Ms: Spread;
  readonly saturationP99Ms: Spread;
  /** Shares of all answers, by status; 0 are broken connections. */
  readonly shares: Readonly<Record<string, number>>;
  /** Of the refusals (503, 429), those that say when to come back. */
  readonly withRetryAfter: number;
}

/** Longer than the queues of all tiers take to fill. */
const FILLING_MS = 2000;

export async function measureOverload(
  plan: Plan,
  profile: Profile,
  system: RunningSystem,
  generator: LoadGenerator,
): Promise<Overload> {
  const target = systemTarget(system, 'form');
  const saturated = httpSubject('system', await system.pids(), generator, target);
  const rounds = [];
  for (let round = 0; round < plan.overloadRounds; round++) {
    const saturation = await saturated.round(profile, { warmUpMs: plan.warmUpMs, windowMs: plan.overloadMs / 2 });
    const offered = 2 * saturation.imagesPerSecond;
    const overload = await generator.run({
      target: { ...target, files: profile.files },
      load: { kind: 'open', requestsPerSecond: offered },
      warmUpMs: FILLING_MS,
      windowMs: plan.overloadMs,
    });
    rounds.push({
      saturation: saturation.imagesPerSecond,
      saturationP99: quantile(saturation.load?.latenciesMs ?? [], 0.99),
      offered,
      goodput: ((overload.statuses[200] ?? 0) * 1000) / overload.windowMs,
      p99: quantile(overload.latenciesMs, 0.99),
      overload,
    });
  }
  const statuses: Record<string, number> = {};
  for (const { overload } of rounds) {
    for (const [status, count] of Object.entries(overload.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  const answers = sum(Object.values(statuses));
  const refusals = (statuses['503'] ?? 0) + (statuses['429'] ?? 0);
  return {
    saturationPerSecond: spread(rounds.map(({ saturation }) => saturation)),
    offeredPerSecond: spread(rounds.map(({ offered }) => offered)),
    goodputPerSecond: spread(rounds.map(({ goodput }) => goodput)),
    ratio: spread(rounds.map(({ goodput, saturation }) => goodput / saturation)),
    acceptedP99Ms: spread(rounds.map(({ p99 }) => p99)),
    saturationP99Ms: spread(rounds.map(({ saturationP99 }) => saturationP99)),
    shares: Object.fromEntries(Object.entries(statuses).map(([status, count]) => [status, count / answers])),
    withRetryAfter: sum(rounds.map(({ overload }) => overload.withRetryAfter)) / refusals,
  };
}
