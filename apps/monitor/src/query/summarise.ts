import { MonitorQuery, MonitorSummary, SeriesPoint } from '@app/contracts/monitoring';
import { Aggregate } from '../observation/aggregate';
import { Observations } from '../observation/observations';
import { bucketStarts, windowStart } from '../observation/windows';
import { CombinedWindow, combineWindow, latestModel, modelsIn } from './combined-window';

/** Labels that are told one by one. */
const MAX_LABELS = 20;

/** Answers `monitor.summary`. */
export function summarise(
  parts: readonly Observations[],
  { window, model: wanted }: MonitorQuery,
  now: number,
): MonitorSummary {
  const model = wanted ?? latestModel(parts);
  const begin = windowStart(window, now);
  const combined =
    model === undefined
      ? { total: new Aggregate(), buckets: [], firstAt: Infinity }
      : combineWindow(parts, model, window, now);
  const { total, buckets, firstAt } = combined;
  const { events } = total;
  const from = Math.min(now, Math.max(begin, firstAt));
  const labels = total.labels.entries();
  const named = labels.slice(0, MAX_LABELS);
  const labelled = labels.reduce((sum, [, count]) => sum + count, total.labels.others);
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  return {
    window,
    ...(model === undefined ? {} : { model }),
    models: modelsIn(parts, begin),
    from,
    until: now,
    events,
    perSecond: share(events * 1000, Math.max(1000, now - from)),
    latencyMs: latencies(total),
    decisions: total.decisions,
    labels: named.map(([label, count]) => ({ label, share: share(count, labelled) })),
    others: share(labelled - named.reduce((sum, [, count]) => sum + count, 0), labelled),
    scores: total.scores.map((count) => share(count, events)),
    feedback: total.feedback,
    series: series(buckets, bucketStarts(window, now)),
    dropped: parts.reduce((sum, { dropped, refusedBatches }) => sum + dropped + refusedBatches, 0),
  };
}

function latencies({ latency }: Aggregate): MonitorSummary['latencyMs'] {
  const [p50, p95, p99] = [latency.quantile(0.5), latency.quantile(0.95), latency.quantile(0.99)];
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
}

/** A point for each stretch of the window, also for those without events. */
function series(buckets: CombinedWindow['buckets'], starts: readonly number[]): SeriesPoint[] {
  const byStart = new Map(buckets.map(({ start, aggregate }) => [start, aggregate]));
  return starts.map((at) => {
    const aggregate = byStart.get(at);
    return {
      at,
      events: aggregate?.events ?? 0,
      unknown: aggregate?.decisions.unknown ?? 0,
      uncertain: aggregate?.decisions.uncertain ?? 0,
      latencyMs: aggregate?.latency.quantile(0.5) ?? null,
    };
  });
}
