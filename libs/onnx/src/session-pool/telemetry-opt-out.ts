/**
 * ONNX Runtime tells Microsoft about the machine, the model and its use from version 1.29 on, and keeps an id for that in the home folder
 * (https://github.com/microsoft/onnxruntime/pull/27379). What is done here stays here, so it is told not to, before it is loaded.
 *
 * It reads the process's own environment, of which a worker thread has a copy: this has to be called on the main thread.
 */
export function optOutOfTelemetry(): void {
  // eslint-disable-next-line no-restricted-properties -- what the runtime reads, and no setting of ours
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}
