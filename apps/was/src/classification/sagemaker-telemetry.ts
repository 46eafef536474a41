// The client's span and metric of a call of the endpoint, as OpenTelemetry's conventions for RPC and the AWS SDK name them.
import { ClientLeftError, TraceContext } from '@app/platform';
import { HistogramMetric, REQUEST_SECONDS, Span, startSpan } from '@app/platform/telemetry';
import { SageMakerRuntimeServiceException } from '@aws-sdk/client-sagemaker-runtime';
import { toProblem } from './sagemaker-problems';

const METHOD = 'SageMakerRuntime/InvokeEndpoint';

const callDuration = new HistogramMetric(
  {
    name: 'rpc.client.call.duration',
    unit: 's',
    description: 'Duration of calls of the endpoint, attempts and pauses of the SDK included.',
    attributes: ['rpc.system.name', 'rpc.method', 'error.type'],
  },
  REQUEST_SECONDS,
);

/** Errors are counted by the code of the problem that they are to a caller. */
export async function observeInvocation<T>(
  endpointName: string,
  parent: TraceContext,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const attributes = { 'rpc.system.name': 'aws-api', 'rpc.method': METHOD };
  const span = startSpan(METHOD, {
    kind: 'client',
    parent,
    attributes: { ...attributes, 'aws.sagemaker.endpoint.name': endpointName },
  });
  const startedAt = performance.now();
  const secondsSoFar = () => (performance.now() - startedAt) / 1000;
  try {
    const result = await work(span);
    callDuration.record(secondsSoFar(), attributes);
    span.end();
    return result;
  } catch (error) {
    const { errorType, failed } = failureOf(error);
    callDuration.record(secondsSoFar(), { ...attributes, 'error.type': errorType });
    if (error instanceof SageMakerRuntimeServiceException) span.set(attributesOf(error.$metadata));
    span.end({ errorType, failed });
    throw error;
  }
}

/** What the SDK tells of a call, whether it was answered or refused. */
export function attributesOf({ requestId, httpStatusCode, attempts }: SdkMetadata): Record<string, string | number> {
  return {
    ...(requestId === undefined ? {} : { 'aws.request_id': requestId }),
    ...(httpStatusCode === undefined ? {} : { 'http.response.status_code': httpStatusCode }),
    ...(attempts === undefined || attempts < 2 ? {} : { 'http.request.resend_count': attempts - 1 }),
  };
}

type SdkMetadata = SageMakerRuntimeServiceException['$metadata'];

function failureOf(error: unknown): { errorType: string; failed: boolean } {
  if (error instanceof ClientLeftError) return { errorType: 'client-left', failed: false };
  const { code, status } = toProblem(error);
  return { errorType: code, failed: status >= 500 };
}
