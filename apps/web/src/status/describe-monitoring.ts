import { DriftReport, MonitoringFiguresResponse, MonitorSummary } from '@app/contracts/monitoring';

/** The public form of what monitor answers: field by field, so that nothing internal gets out by being added there. */
export function describeMonitoring(summary: MonitorSummary, drift: DriftReport): MonitoringFiguresResponse {
  const { model, from, until, events, perSecond, latencyMs, decisions, labels, others, scores } = summary;
  return {
    ...(model === undefined ? {} : { model: { name: model.name, version: model.version } }),
    from: timestamp(from),
    until: timestamp(until),
    images: events,
    perSecond: rounded(perSecond),
    ...(latencyMs === null
      ? {}
      : { latencyMs: { p50: rounded(latencyMs.p50), p95: rounded(latencyMs.p95), p99: rounded(latencyMs.p99) } }),
    decisions: { label: decisions.label, uncertain: decisions.uncertain, unknown: decisions.unknown },
    labels: labels.map(({ label, share }) => ({ label, share: rounded(share) })),
    otherLabels: rounded(others),
    scores: scores.map(rounded),
    feedback: { count: summary.feedback.count, right: summary.feedback.right },
    series: summary.series.map(({ at, events, unknown, uncertain, latencyMs }) => ({
      at: timestamp(at),
      images: events,
      unknown,
      uncertain,
      ...(latencyMs === null ? {} : { latencyMs: rounded(latencyMs) }),
    })),
    dropped: summary.dropped,
    drift: {
      state: drift.state,
      baseline: drift.baseline,
      images: drift.images,
      ...(drift.since === undefined ? {} : { since: timestamp(drift.since) }),
      checks: drift.checks.map(({ name, state, score, limit, pValue, falseAlarmRate, direction }) => ({
        name,
        state,
        score: rounded(score),
        limit,
        pValue,
        falseAlarmRate,
        ...(direction === undefined ? {} : { direction }),
      })),
    },
  };
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Four digits after the point say all that these measurements hold. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
