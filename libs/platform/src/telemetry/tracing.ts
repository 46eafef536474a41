// Spans, with their place in a trace handed on by hand: a request's context travels with it anyway, and what Node follows by itself
// (AsyncLocalStorage) costs every promise. Knows no SDK; `sdk/` gives what records.
import { isProblem } from '@app/contracts';
import type { Attributes } from '@opentelemetry/api';
import { continueTrace, TraceContext } from '../http/trace-context';

export type { Attributes } from '@opentelemetry/api';

export type SpanKind = 'internal' | 'server' | 'client' | 'consumer';

export interface SpanOptions {
  /** Where the span hangs; without it a trace begins. */
  readonly parent?: TraceContext | undefined;
  /** Default `internal`. */
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** As `performance.now()` gives it; default now. */
  readonly startedAt?: number;
}

export interface SpanEnd {
  /** For `error.type`: a code or the name of a class, never a message, which may hold what a person sent. */
  readonly errorType?: string | undefined;
  /** False where the error is the caller's and not a failure of the span; default true. */
  readonly failed?: boolean;
  /** As `performance.now()` gives it; default now. */
  readonly endedAt?: number;
}

export interface Span {
  /** What is handed on: the span's own place in the trace, or its parent's when nothing is recorded. */
  readonly trace: TraceContext;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** To be called once. */
  end(end?: SpanEnd): void;
}

export type SpanStarter = (name: string, options: SpanOptions) => Span;

let start: SpanStarter | undefined;

/** For `startTelemetry`: from now on spans are recorded, or, without a starter, not any more. */
export function recordSpans(starter: SpanStarter | undefined): void {
  start = starter;
}

export function startSpan(name: string, options: SpanOptions): Span {
  return start === undefined ? new UnrecordedSpan(options.parent) : start(name, options);
}

/** Does the work in a span that ends with it. Throws what the work throws, of which the span tells the kind. */
export async function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = startSpan(name, options);
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ errorType: errorTypeOf(error), failed: !isProblem(error) || error.status >= 500 });
    throw error;
  }
}

/** The code of a problem or of the system's error, or the name of its class: one of few, and nothing of what was sent. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

class UnrecordedSpan implements Span {
  readonly trace: TraceContext;

  constructor(parent: TraceContext | undefined) {
    this.trace = parent ?? continueTrace(undefined);
  }

  rename(): void {
    // nobody looks
  }

  set(): void {
    // nobody looks
  }

  end(): void {
    // nobody looks
  }
}
