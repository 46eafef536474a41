/** What was and monitor say to each other. Shapes and limits only. */
import 'reflect-metadata'; // for `Type` of class-transformer, before any class is decorated with it
export * from './classification-event';
export * from './feedback-event';
export * from './model-baseline';
export * from './monitor-answers';
export * from './monitor-refusal';
export * from './monitoring-pattern';
export * from './status-report.response';
export * from './status.request';
