import { DriftCheck, DriftState, LEAST_DRIFT_IMAGES, MONITOR_WINDOWS } from '@app/contracts/monitoring';
import { DriftSums } from '../observation/drift-sums';
import { compareHistograms, Comparison, HistogramComparison } from './compare-histograms';
import { DriftHistogram, Reference } from './reference';

/** PSI: "a significant shift" from 0.2 or 0.25 on, by the source (Siddiqi 2006 has 0.25, Yurdakul 2018 lists both). */
const STABILITY_LIMIT = 0.2;
/** Cohen 1988: d = 0.5 is a medium effect. */
const DISTANCE_LIMIT = 0.5;

const CHECKS = 8;
const MONTH_SECONDS = 30 * 24 * 3600;

/**
 * How likely chance may make one check of one window look changed, so that a model whose images never change is falsely called
 * changed at most once a month, on average. By Bonferroni: in a month there are (seconds of a month / seconds between looks) looks, each
 * at 8 checks of 4 windows, and the expected number of false alarms is at most the sum of their rates, however much one look depends on
 * the one before; windows that overlap only make it smaller. At one look a minute 1 in 1.4 million.
 */
export function falseAlarmRate(lookSeconds: number): number {
  return lookSeconds / MONTH_SECONDS / (CHECKS * Object.keys(MONITOR_WINDOWS).length);
}

/** What every check says of the images in a window. `drift` takes both: that it is not chance, and that it is large enough to matter. */
export function checkDrift(reference: Reference, sums: DriftSums | undefined, alarmRate: number): DriftCheck[] {
  const judge = (
    name: DriftCheck['name'],
    images: number,
    limit: number,
    compare: () => Comparison | HistogramComparison,
  ) => {
    const common = { name, limit, falseAlarmRate: alarmRate };
    if (images < LEAST_DRIFT_IMAGES) return { ...common, state: 'waiting' as const, score: 0, pValue: 1 };
    const comparison = compare();
    const { score, pValue } = comparison;
    const state = pValue >= alarmRate ? ('quiet' as const) : score < limit ? ('watch' as const) : ('drift' as const);
    const direction = 'direction' in comparison && name !== 'labels' ? { direction: comparison.direction } : {};
    return { ...common, state, score, pValue, ...direction };
  };
  const checks = reference.histograms.map(([name, shares]) => {
    const counts = histogramOf(sums, name);
    const images = counts.reduce((sum, count) => sum + count, 0);
    return judge(name, images, STABILITY_LIMIT, () => compareHistograms(counts, shares, reference.images));
  });
  const { means } = reference;
  if (means === undefined) return checks;
  const sketches = sums?.sketches ?? 0;
  return [...checks, judge('features', sketches, DISTANCE_LIMIT, () => means.compare(sums?.sketchSum ?? [], sketches))];
}

const GRAVITY: readonly DriftState[] = ['waiting', 'quiet', 'watch', 'drift'];

/** The gravest. */
export function overallState(checks: readonly Pick<DriftCheck, 'state'>[]): DriftState {
  return GRAVITY.findLast((state) => checks.some((check) => check.state === state)) ?? 'waiting';
}

function histogramOf(sums: DriftSums | undefined, name: DriftHistogram): readonly number[] {
  return sums?.histograms[name] ?? [];
}
