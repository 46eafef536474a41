import {
  DRIFT_CHECKS,
  DRIFT_STATES,
  DriftReport,
  DriftState,
  MonitoringFiguresResponse,
  MonitorSummary,
} from '@app/contracts/monitoring';

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
      state: known(drift.state),
      baseline: drift.baseline,
      images: drift.images,
      ...(drift.since === undefined ? {} : { since: timestamp(drift.since) }),
      checks: drift.checks
        .filter(({ name }) => DRIFT_CHECKS.includes(name))
        .map(({ name, state, score, limit, pValue, falseAlarmRate, direction }) => ({
          name,
          state: known(state),
          score: rounded(score),
          limit,
          pValue,
          falseAlarmRate,
          ...(direction === undefined ? {} : { direction }),
        })),
    },
  };
}

/** A monitor of another version may have states, and checks, that have no name here. */
function known(state: DriftState): DriftState {
  return DRIFT_STATES.includes(state) ? state : 'watch';
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Four digits after the point say all that these measurements hold. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
