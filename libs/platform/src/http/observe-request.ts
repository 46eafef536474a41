// The server's span and metric of a request, as OpenTelemetry's conventions for HTTP name them.
// https://opentelemetry.io/docs/specs/semconv/http/
import { IncomingMessage, ServerResponse } from 'node:http';
import { Attributes, HistogramMetric, REQUEST_SECONDS, startSpan } from '../telemetry';
import { pathOf } from './probe';
import { TraceContext } from './trace-context';

const requestDuration = new HistogramMetric(
  {
    name: 'http.server.request.duration',
    unit: 's',
    description: 'Duration of requests, without probes.',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code', 'url.scheme', 'error.type'],
  },
  REQUEST_SECONDS,
);

/** A method of somebody's own making would be a name for a span of its own. */
const METHODS: readonly string[] = ['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/** What Express adds to a request, as far as it has got. */
interface RoutedRequest extends IncomingMessage {
  readonly route?: { readonly path?: unknown };
  readonly protocol?: string;
}

/** Opens the request's span and gives its place in the trace; when the reply is out, or the client gone, it ends and is counted. */
export function observeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, caller, arrivedAt }: { requestId: string; caller: TraceContext | undefined; arrivedAt: number },
): TraceContext {
  const method = METHODS.includes(request.method ?? '') ? (request.method ?? '') : '_OTHER';
  const name = method === '_OTHER' ? 'HTTP' : method;
  const span = startSpan(name, {
    kind: 'server',
    parent: caller,
    startedAt: arrivedAt,
    attributes: {
      'http.request.method': method,
      'url.path': pathOf(request),
      'network.protocol.version': request.httpVersion,
      'classifier.request.id': requestId,
    },
  });
  response.once('close', () => {
    const { errorType, ...outcome } = outcomeOf(request, response);
    const route = outcome['http.route'];
    if (route !== undefined) span.rename(`${name} ${route}`);
    span.set(outcome);
    span.end({ errorType });
    const seconds = (performance.now() - arrivedAt) / 1000;
    requestDuration.record(seconds, { 'http.request.method': method, ...outcome, 'error.type': errorType });
  });
  return span.trace;
}

function outcomeOf(request: RoutedRequest, response: ServerResponse) {
  const path = request.route?.path;
  // Middleware is a route to Nest, for whatever path; a request that no controller took has met no other.
  const route = typeof path === 'string' && !path.includes('*') ? path : undefined;
  const isAnswered = response.writableFinished;
  const status = response.statusCode;
  return {
    'url.scheme': request.protocol ?? 'http',
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(isAnswered ? { 'http.response.status_code': status } : {}),
    errorType: isAnswered ? (status >= 500 ? String(status) : undefined) : 'client-left',
  } satisfies Attributes;
}
