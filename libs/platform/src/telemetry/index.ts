/**
 * Traces and metrics of a process, for OpenTelemetry. Nothing of OpenTelemetry is loaded, and nothing is measured, unless the
 * environment names a collector. `docs/telemetry.md` lists what there is.
 */
export * from './metrics';
export * from './start-telemetry';
export * from './tracing';
