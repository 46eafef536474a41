import {
  Attributes,
  Context,
  ROOT_CONTEXT,
  Span as ApiSpan,
  SpanKind as ApiSpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  Tracer,
} from '@opentelemetry/api';
import { TraceContext } from '../../http/trace-context';
import { Span, SpanEnd, SpanKind, SpanOptions, SpanStarter } from '../tracing';

const KINDS: Readonly<Record<SpanKind, ApiSpanKind>> = {
  internal: ApiSpanKind.INTERNAL,
  server: ApiSpanKind.SERVER,
  client: ApiSpanKind.CLIENT,
  consumer: ApiSpanKind.CONSUMER,
};

/** Parents of these are in another process. */
const KINDS_AT_THE_DOOR: readonly SpanKind[] = ['server', 'consumer'];

export function spanStarter(tracer: Tracer): SpanStarter {
  return (name, { parent, kind = 'internal', attributes, startedAt }: SpanOptions) =>
    new RecordedSpan(
      tracer.startSpan(
        name,
        {
          kind: KINDS[kind],
          ...(attributes === undefined ? {} : { attributes }),
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
        },
        parent === undefined ? ROOT_CONTEXT : contextOf(parent, KINDS_AT_THE_DOOR.includes(kind)),
      ),
    );
}

class RecordedSpan implements Span {
  readonly trace: TraceContext;

  constructor(private readonly span: ApiSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.trace = { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  end({ errorType, failed = true, endedAt }: SpanEnd = {}): void {
    if (errorType !== undefined) {
      this.span.setAttribute('error.type', errorType);
      if (failed) this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(endedAt);
  }
}

function contextOf({ traceId, spanId, sampled }: TraceContext, isRemote: boolean): Context {
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote });
}
