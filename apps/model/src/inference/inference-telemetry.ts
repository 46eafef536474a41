// Spans and metrics of what happens to an image in the container.
import { RunResult } from '@app/onnx';
import { TraceContext } from '@app/platform';
import { errorTypeOf, HistogramMetric, inSpan, startSpan, STATION_SECONDS } from '@app/platform/telemetry';

const decodeDuration = new HistogramMetric(
  {
    name: 'classifier.decode.duration',
    unit: 's',
    description: 'How long it took to decode an image for the model.',
    attributes: ['error.type'],
  },
  STATION_SECONDS,
);

const workerWait = new HistogramMetric(
  {
    name: 'classifier.worker.wait',
    unit: 's',
    description: 'How long an image waited for a worker of the model.',
    attributes: [],
  },
  STATION_SECONDS,
);

const inferenceDuration = new HistogramMetric(
  {
    name: 'classifier.inference.duration',
    unit: 's',
    description: 'How long a run of the model took.',
    attributes: ['error.type'],
  },
  STATION_SECONDS,
);

/** Without a trace nothing is told: nobody sent the image. */
export async function observeDecoding<T>(trace: TraceContext | undefined, decode: () => Promise<T>): Promise<T> {
  if (trace === undefined) return await decode();
  const startedAt = performance.now();
  let failure: { 'error.type'?: string } = {};
  try {
    return await inSpan('decode image', { parent: trace }, decode);
  } catch (error) {
    failure = { 'error.type': errorTypeOf(error) };
    throw error;
  } finally {
    decodeDuration.record((performance.now() - startedAt) / 1000, failure);
  }
}

/** Of a run that fails, how long it waited is not known: it has one span. */
export async function observeRun(trace: TraceContext | undefined, run: () => Promise<RunResult>): Promise<RunResult> {
  if (trace === undefined) return await run();
  const startedAt = performance.now();
  try {
    const result = await run();
    const { queueMs, runMs } = result;
    workerWait.record(queueMs / 1000, {});
    inferenceDuration.record(runMs / 1000, {});
    startSpan('wait for a worker', { parent: trace, startedAt }).end({ endedAt: startedAt + queueMs });
    startSpan('run model', { parent: trace, startedAt: startedAt + queueMs }).end({
      endedAt: startedAt + queueMs + runMs,
    });
    return result;
  } catch (error) {
    const errorType = errorTypeOf(error);
    inferenceDuration.record((performance.now() - startedAt) / 1000, { 'error.type': errorType });
    startSpan('run model', { parent: trace, startedAt }).end({ errorType });
    throw error;
  }
}
