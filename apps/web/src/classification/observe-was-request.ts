// The client's span and metric of a request to the business tier, as OpenTelemetry's conventions for HTTP name them.
import { TraceContext } from '@app/platform';
import { errorTypeOf, HistogramMetric, inSpan, REQUEST_SECONDS } from '@app/platform/telemetry';

const requestDuration = new HistogramMetric(
  {
    name: 'http.client.request.duration',
    unit: 's',
    description: 'Duration of requests to the business tier.',
    attributes: ['http.request.method', 'url.template', 'server.address', 'http.response.status_code', 'error.type'],
  },
  REQUEST_SECONDS,
);

export interface ObservedRequest {
  readonly method: string;
  /** The path without what may differ from one request to the next. */
  readonly template: string;
  readonly server: { readonly address: string; readonly port: number };
  readonly parent: TraceContext;
}

/** Hands the work the place in the trace that it is to send on, and where to say with which status it was answered. */
export async function observeWasRequest<T>(
  { method, template, server, parent }: ObservedRequest,
  work: (trace: TraceContext, answered: (status: number) => void) => Promise<T>,
): Promise<T> {
  const attributes = { 'http.request.method': method, 'url.template': template, 'server.address': server.address };
  const startedAt = performance.now();
  let outcome: { 'http.response.status_code'?: number; 'error.type'?: string } = {};
  const options = { kind: 'client', parent, attributes: { ...attributes, 'server.port': server.port } } as const;
  try {
    return await inSpan(`${method} ${template}`, options, (span) =>
      work(span.trace, (status) => {
        outcome = { 'http.response.status_code': status };
        span.set({ 'http.response.status_code': status });
      }),
    );
  } catch (error) {
    outcome = { ...outcome, 'error.type': errorTypeOf(error) };
    throw error;
  } finally {
    requestDuration.record((performance.now() - startedAt) / 1000, { ...attributes, ...outcome });
  }
}
