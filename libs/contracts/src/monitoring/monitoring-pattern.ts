/** Message patterns of monitor, over Nest's TCP transport. Every one is answered: who sends knows that it arrived. */
export const MonitoringPattern = {
  /** `EventBatch` -> `BatchReceipt` */
  events: 'monitor.events',
  /** `FeedbackEvent` -> `FeedbackReceipt` */
  feedback: 'monitor.feedback',
  /** `ModelBaseline` -> `BaselineReceipt`; sent when a receipt asks for it. */
  baseline: 'monitor.baseline',
  /** `MonitorQuery` -> `MonitorSummary` */
  summary: 'monitor.summary',
  /** `MonitorQuery` -> `DriftReport` */
  drift: 'monitor.drift',
  /** `RecentQuery` -> `RecentEvents` */
  recent: 'monitor.recent',
} as const;
