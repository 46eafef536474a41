import { DriftCheck, DriftReport, MonitorSummary } from '@app/contracts/monitoring';

// What monitor answers in tests: an hour of photos, and how it compares with the model's own.

const UNTIL = Date.UTC(2026, 10, 23, 15, 0);
const MINUTE_MS = 60_000;
const MODEL = { name: 'everyday-objects', version: '1.0.0' };

export const MONITOR_SUMMARY: MonitorSummary = {
  window: '1h',
  model: MODEL,
  models: [MODEL],
  from: UNTIL - 60 * MINUTE_MS,
  until: UNTIL,
  events: 1640,
  perSecond: 0.4556,
  latencyMs: { p50: 8.4, p95: 14.2, p99: 31.8 },
  decisions: { label: 1280, uncertain: 250, unknown: 110 },
  labels: [
    { label: 'n01443537', share: 0.31 },
    { label: 'n03584254', share: 0.22 },
    ...Array.from({ length: 12 }, (_, index) => ({ label: `other-${index}`, share: 0.02 })),
  ],
  others: 0.23,
  scores: [0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.14, 0.2, 0.35],
  feedback: { count: 40, right: 34 },
  series: Array.from({ length: 60 }, (_, index) => {
    const events = index === 20 ? 0 : 27 + Math.round(12 * Math.sin(index / 5));
    return {
      at: UNTIL - (60 - index) * MINUTE_MS,
      events,
      uncertain: Math.round(events * 0.15),
      unknown: Math.round(events * 0.07),
      latencyMs: events === 0 ? null : 8 + 2 * Math.cos(index / 4),
    };
  }),
  dropped: 3,
};

export function check(changes: Partial<DriftCheck>): DriftCheck {
  return { name: 'labels', state: 'quiet', score: 0.02, limit: 0.2, pValue: 0.6, falseAlarmRate: 7e-7, ...changes };
}

export const QUIET: DriftReport = {
  window: '1h',
  model: MODEL,
  state: 'quiet',
  baseline: 'package',
  images: 1640,
  checks: [
    check({}),
    check({ name: 'scores', score: 0.03, direction: 'more' }),
    check({ name: 'brightness', score: 0.05, direction: 'less' }),
    check({ name: 'features', score: 0.11, limit: 0.5 }),
  ],
  since: UNTIL - 50 * MINUTE_MS,
};

export const DRIFT: DriftReport = {
  ...QUIET,
  state: 'drift',
  checks: [
    check({ name: 'sharpness', state: 'drift', score: 0.22, pValue: 1e-9, direction: 'less' }),
    check({ name: 'brightness', state: 'drift', score: 0.31, pValue: 1e-12, direction: 'less' }),
    check({ name: 'labels', state: 'watch', score: 0.12, pValue: 1e-8 }),
    check({ name: 'size', score: 0.05 }),
  ],
};

export const WATCH: DriftReport = {
  ...QUIET,
  state: 'watch',
  checks: [check({ name: 'brightness', state: 'watch', score: 0.12, pValue: 1e-8, direction: 'more' })],
};

export const WAITING: DriftReport = {
  ...QUIET,
  state: 'waiting',
  images: 12,
  checks: [check({ state: 'waiting', score: 0, pValue: 1 })],
};

/** Monitor before its first event. */
export const NOTHING_SEEN: { readonly summary: MonitorSummary; readonly drift: DriftReport } = {
  summary: {
    window: '1h',
    models: [],
    from: UNTIL,
    until: UNTIL,
    events: 0,
    perSecond: 0,
    latencyMs: null,
    decisions: { label: 0, uncertain: 0, unknown: 0 },
    labels: [],
    others: 0,
    scores: Array.from({ length: 10 }, () => 0),
    feedback: { count: 0, right: 0 },
    series: [],
    dropped: 0,
  },
  drift: { window: '1h', state: 'waiting', baseline: 'none', images: 0, checks: [] },
};
