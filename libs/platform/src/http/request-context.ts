import { Header, REQUEST_ID_PATTERN } from '@app/contracts';
import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { isTelemetryOn } from '../telemetry';
import { observeRequest } from './observe-request';
import { isProbe, pathOf } from './probe';
import { continueTrace, formatTraceparent, parseTraceparent, TraceContext } from './trace-context';

/** What identifies a request in every tier, and when it arrived. */
export interface RequestContext {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** `performance.now()` when the request's head had arrived, in milliseconds. */
  readonly arrivedAt: number;
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

/**
 * Gives the request its context, once, and names it in the reply. Called by the logging middleware before anything else, and
 * by the problem filter for what fails even before: an address that cannot be decoded meets no middleware.
 */
export function openRequestContext(request: IncomingMessage, response: ServerResponse): RequestContext {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const arrivedAt = performance.now();
  const offered = headerOf(request, Header.requestId);
  const requestId = offered !== undefined && REQUEST_ID_PATTERN.test(offered) ? offered : randomUUID();
  const traceparent = headerOf(request, Header.traceparent);
  const trace =
    isTelemetryOn() && !isProbe(pathOf(request))
      ? observeRequest(request, response, { requestId, caller: parseTraceparent(traceparent), arrivedAt })
      : continueTrace(traceparent);
  const context: RequestContext = { requestId, trace, arrivedAt };
  contexts.set(request, context);
  response.setHeader(Header.requestId, context.requestId);
  response.setHeader(Header.traceparent, formatTraceparent(context.trace));
  return context;
}

export function requestContextOf(request: IncomingMessage): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request has no context: PlatformModule is not imported');
  return context;
}

/** Injects the request's context into a handler. */
export const Context = createParamDecorator((_: unknown, execution: ExecutionContext) =>
  requestContextOf(execution.switchToHttp().getRequest<IncomingMessage>()),
);

/** A header that may stand once; of several the first. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
