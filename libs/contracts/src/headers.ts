// Names of headers, lower-case as Node gives them.

export const Header = {
  requestId: 'x-request-id',
  traceparent: 'traceparent',
  serverTiming: 'server-timing',
  retryAfter: 'retry-after',
  /** web -> was: milliseconds that are left of the request's total deadline when it is sent. */
  deadlineMs: 'x-deadline-ms',
  /** What ties feedback to an answer, where it is not in the body: kept out of addresses, which end up in logs. */
  feedbackToken: 'x-feedback-token',
  /** SageMaker -> container and back: at most 1,024 ASCII characters, the only way for metadata to get through. */
  customAttributes: 'x-amzn-sagemaker-custom-attributes',
} as const;

/** What an `X-Request-Id` from outside may look like; anything else is replaced. */
export const REQUEST_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;
