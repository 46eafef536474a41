import { IMAGE_MEDIA_TYPES, MAX_BATCH_IMAGES, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, MediaType } from '@app/contracts';
import { ProblemCode, ProblemError, ProblemParameters } from '@app/contracts';

/** One example of every kind of problem, with values as they really occur, for the pages that explain them. */
const parameters: { readonly [C in ProblemCode]: ProblemParameters<C> } = {
  'malformed-request': { reason: 'form-broken' },
  'invalid-parameter': { errors: [{ parameter: 'top_k', rule: 'at-least', least: 1 }] },
  'image-missing': { field: 'image' },
  'image-empty': {},
  'too-many-images': { limit: MAX_BATCH_IMAGES },
  'feedback-token-invalid': {},
  'feedback-off': {},
  'monitor-off': {},
  'feedback-not-found': {},
  'not-found': {},
  'method-not-allowed': { allowed: ['GET', 'HEAD'] },
  'not-acceptable': { available: [MediaType.json] },
  'upload-stalled': { idleSeconds: 10 },
  'feedback-exists': {},
  'feedback-expired': {},
  'image-too-large': { limitBytes: MAX_IMAGE_BYTES },
  'unsupported-image-format': { detected: 'gif' },
  'unsupported-media-type': {
    received: 'text/plain',
    supported: [MediaType.multipart, ...Object.values(IMAGE_MEDIA_TYPES)],
  },
  'image-undecodable': {},
  'image-too-many-pixels': { limitPixels: MAX_IMAGE_PIXELS },
  'feedback-photo-differs': {},
  'too-many-requests': { retryAfterSeconds: 20 },
  'headers-too-large': {},
  'internal-error': {},
  'bad-model-answer': {},
  overloaded: { retryAfterSeconds: 2 },
  'service-unavailable': { retryAfterSeconds: 5 },
  'model-unavailable': { retryAfterSeconds: 5 },
  'model-missing': { retryAfterSeconds: 60 },
  'feedback-unavailable': { retryAfterSeconds: 30 },
  'monitor-unavailable': { retryAfterSeconds: 5 },
  'deadline-exceeded': {},
};

export function exampleOf<C extends ProblemCode>(code: C): ProblemError<C> {
  return new ProblemError(code, parameters[code]);
}
