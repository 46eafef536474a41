/** What was and monitor say to each other. Shapes and limits only. */
export * from './classification-event';
export * from './feedback-event';
export * from './model-baseline';
export * from './monitor-answers';
export * from './monitoring-pattern';
export * from './status-report.response';
export * from './status.request';
