import { MAX_CUSTOM_ATTRIBUTES_CHARACTERS } from '../limits';

/**
 * What travels beside an image in `X-Amzn-SageMaker-Custom-Attributes`, written like a query string
 * (`top_k=5&heatmap=true&request_id=...`): SageMaker lets no other header of ours through.
 */
export interface InvocationAttributes {
  readonly requestId?: string;
  readonly traceparent?: string;
  /** Milliseconds the caller still waits; work that cannot start before is not begun. */
  readonly deadlineMs?: number;
  readonly topK?: number;
  readonly heatmap?: boolean;
  /** Whether the answer should hold an `ImageObservation`. */
  readonly observe?: boolean;
}

/** What the container sends back the same way. Milliseconds. */
export interface InvocationTimings {
  readonly requestId?: string;
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferMs: number;
}

export function formatInvocationAttributes(attributes: InvocationAttributes): string {
  return format({
    request_id: attributes.requestId,
    traceparent: attributes.traceparent,
    deadline_ms: attributes.deadlineMs === undefined ? undefined : Math.floor(attributes.deadlineMs),
    top_k: attributes.topK,
    heatmap: attributes.heatmap,
    observe: attributes.observe,
  });
}

/** Reads what `formatInvocationAttributes` wrote; values that make no sense are left out, unknown names are ignored. */
export function parseInvocationAttributes(header: string | undefined): InvocationAttributes {
  const values = new URLSearchParams(header ?? '');
  const requestId = values.get('request_id');
  const traceparent = values.get('traceparent');
  const deadlineMs = numberOf(values.get('deadline_ms'));
  const topK = numberOf(values.get('top_k'));
  return {
    ...(requestId === null ? {} : { requestId }),
    ...(traceparent === null ? {} : { traceparent }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(topK === undefined ? {} : { topK }),
    ...(values.has('heatmap') ? { heatmap: values.get('heatmap') === 'true' } : {}),
    ...(values.has('observe') ? { observe: values.get('observe') === 'true' } : {}),
  };
}

export function formatInvocationTimings(timings: InvocationTimings): string {
  return format({
    request_id: timings.requestId,
    decode_ms: timings.decodeMs.toFixed(2),
    queue_ms: timings.queueMs.toFixed(2),
    infer_ms: timings.inferMs.toFixed(2),
  });
}

/** Gives nothing when the timings are missing: other containers do not send them. */
export function parseInvocationTimings(header: string | undefined): InvocationTimings | undefined {
  const values = new URLSearchParams(header ?? '');
  const [decodeMs, queueMs, inferMs] = ['decode_ms', 'queue_ms', 'infer_ms'].map((name) => numberOf(values.get(name)));
  if (decodeMs === undefined || queueMs === undefined || inferMs === undefined) return undefined;
  const requestId = values.get('request_id');
  return { ...(requestId === null ? {} : { requestId }), decodeMs, queueMs, inferMs };
}

function format(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  if (text.length > MAX_CUSTOM_ATTRIBUTES_CHARACTERS) {
    throw new RangeError(
      `custom attributes have ${text.length} characters; at most ${MAX_CUSTOM_ATTRIBUTES_CHARACTERS} get through`,
    );
  }
  return text;
}

function numberOf(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
