import { randomUUID } from 'node:crypto';

// W3C Trace Context (Recommendation of 23 November 2021), the part that is needed to hand a trace on.

export interface TraceContext {
  /** 32 hexadecimal digits, the same in all tiers. */
  readonly traceId: string;
  /** 16 hexadecimal digits: one part of the trace. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The caller's place in its trace; nothing when the header is absent or malformed. */
export function parseTraceparent(traceparent: string | undefined): TraceContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Continues the caller's trace with a span of our own, or begins a new trace when the header is absent or malformed. */
export function continueTrace(traceparent: string | undefined): TraceContext {
  const { traceId, sampled } = parseTraceparent(traceparent) ?? { traceId: randomHex(32), sampled: true };
  return { traceId, spanId: randomHex(16), sampled };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Node keeps random bytes for UUIDs in stock, which makes them many times cheaper than `randomBytes`. */
function randomHex(digits: number): string {
  return randomUUID().replaceAll('-', '').slice(-digits);
}
