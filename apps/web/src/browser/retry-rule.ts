// When a photo is sent again by itself. To classify is safe to repeat: nothing is kept of it, and no answer was given.

export type Outcome =
  /** Our server's answer or refusal, or what somebody between us and it said. */
  | {
      readonly kind: 'replied';
      readonly status: number;
      readonly html: string;
      readonly retryAfterSeconds: number | undefined;
    }
  /** No answer came. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'cancelled' };

export type Reaction =
  | { readonly kind: 'accept' }
  | { readonly kind: 'waitForConnection' }
  | { readonly kind: 'again'; readonly inSeconds: number };

/** Further attempts that a photo gets by itself. */
const MAX_RETRIES = 2;

/** Nobody watches a countdown for longer; then it is for the person to try again. */
const LONGEST_WAIT_SECONDS = 30;

/** The server names no time when it is not there. */
const UNREACHABLE_WAIT_SECONDS = 3;

/** `retries`: how often the photo was sent again before. */
export function reactTo(outcome: Outcome, retries: number, isOnline: boolean): Reaction {
  if (outcome.kind === 'cancelled') return { kind: 'accept' };
  if (outcome.kind === 'unreachable' && !isOnline) return { kind: 'waitForConnection' };
  if (retries >= MAX_RETRIES) return { kind: 'accept' };
  if (outcome.kind === 'unreachable') return { kind: 'again', inSeconds: UNREACHABLE_WAIT_SECONDS };
  const { status, retryAfterSeconds } = outcome;
  const isPassing = status === 503 || status === 429;
  if (!isPassing || retryAfterSeconds === undefined || retryAfterSeconds > LONGEST_WAIT_SECONDS)
    return { kind: 'accept' };
  return { kind: 'again', inSeconds: Math.max(1, retryAfterSeconds) };
}

/** Whether the same photo may get an answer later: not when it is the photo that is at fault. */
export function isWorthRetry(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Seconds of a Retry-After header; a date is none of ours. */
export function parseRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
