// Upper tails: how likely a statistic is at least so large by chance.
import { jStat } from 'jstat';

/** Of chi-squared, to about 1e-15: below that it is 0. */
export function chiSquaredTail(statistic: number, degreesOfFreedom: number): number {
  if (statistic <= 0) return 1;
  return Math.max(0, 1 - jStat.lowRegGamma(degreesOfFreedom / 2, statistic / 2));
}

/** Of F, by the symmetry of the incomplete beta function, which keeps the digits of small tails. */
export function fTail(statistic: number, upper: number, lower: number): number {
  if (statistic <= 0) return 1;
  return jStat.ibeta(lower / (lower + upper * statistic), lower / 2, upper / 2);
}
