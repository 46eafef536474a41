/** Why a request cannot be read: the code of the reason, and the values that belong to it. */
export interface MalformedRequest {
  readonly reason: MalformedReason;
  readonly limitBytes?: number;
  readonly known?: readonly string[];
}

/** The reasons in English, as the end of a sentence. */
export const MALFORMED_REASONS = {
  'not-http': () => 'it is not valid HTTP',
  'not-as-documented': () => 'it does not follow HTTP or the documented form',
  'json-too-long': ({ limitBytes = 0 }: ReasonValues) => `its JSON is longer than ${limitBytes} bytes`,
  'no-json-object': () => 'its body is not a JSON object',
  'form-broken': () => 'the multipart form is broken',
  'boundary-missing': () => 'multipart/form-data needs a boundary',
  'operation-unknown': ({ known = [] }: ReasonValues) => `as JSON only ${known.join(' and ')} are known`,
} as const;

export type MalformedReason = keyof typeof MALFORMED_REASONS;

type ReasonValues = Omit<MalformedRequest, 'reason'>;
