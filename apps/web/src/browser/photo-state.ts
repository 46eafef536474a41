// How a photo goes from being chosen to its answer. What does not apply in a state changes nothing, so that a late
// event of something that was cancelled does no harm.

export type PhotoState =
  | { readonly kind: 'ready'; readonly wasCancelled?: boolean }
  /** For its turn to be sent. */
  | { readonly kind: 'waiting' }
  /** `share` of it was sent, 0 to 1. */
  | { readonly kind: 'sending'; readonly share: number }
  /** All of it was sent; the answer is awaited. */
  | { readonly kind: 'looking' }
  /** It will be sent again by itself. */
  | { readonly kind: 'pausing'; readonly secondsLeft: number }
  /** It will be sent when the connection is back. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'answered' }
  /** `isWorthRetry`: the same photo may well be answered when it is sent again. */
  | { readonly kind: 'failed'; readonly isWorthRetry: boolean };

export type PhotoEvent =
  | { readonly kind: 'queued' }
  | { readonly kind: 'progressed'; readonly share: number }
  | { readonly kind: 'sent' }
  | { readonly kind: 'paused'; readonly secondsLeft: number }
  | { readonly kind: 'wentOffline' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'failed'; readonly isWorthRetry: boolean }
  | { readonly kind: 'cancelled' };

export type StateName = PhotoState['kind'];

const FROM: Readonly<Record<PhotoEvent['kind'], readonly StateName[]>> = {
  queued: ['ready', 'failed', 'pausing', 'offline'],
  progressed: ['waiting', 'sending'],
  sent: ['waiting', 'sending'],
  paused: ['waiting', 'sending', 'looking', 'pausing'],
  wentOffline: ['waiting', 'sending', 'looking'],
  answered: ['sending', 'looking'],
  failed: ['ready', 'waiting', 'sending', 'looking'],
  cancelled: ['waiting', 'sending', 'looking', 'pausing', 'offline'],
};

export function next(state: PhotoState, event: PhotoEvent): PhotoState {
  if (!FROM[event.kind].includes(state.kind)) return state;
  switch (event.kind) {
    case 'queued':
      return { kind: 'waiting' };
    case 'progressed':
      return { kind: 'sending', share: event.share };
    case 'sent':
      return { kind: 'looking' };
    case 'paused':
      return { kind: 'pausing', secondsLeft: event.secondsLeft };
    case 'wentOffline':
      return { kind: 'offline' };
    case 'answered':
      return { kind: 'answered' };
    case 'failed':
      return { kind: 'failed', isWorthRetry: event.isWorthRetry };
    case 'cancelled':
      return { kind: 'ready', wasCancelled: true };
  }
}

/** On its way, in whatever manner: it can be cancelled. */
export function isUnderWay({ kind }: PhotoState): boolean {
  return FROM.cancelled.includes(kind);
}

/** A request is open for it: who leaves the page now loses something. */
export function isOnTheWire({ kind }: PhotoState): boolean {
  return kind === 'waiting' || kind === 'sending' || kind === 'looking';
}
