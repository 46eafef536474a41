import { IMAGE_FORMAT_NAMES, IMAGE_FORMATS } from '../media-types';
import { CONTENT_KINDS, ContentKind } from './content-kind';
import { MALFORMED_REASONS, MalformedRequest } from './malformed-reason';
import { ParameterFault, parameterFaultInEnglish } from './parameter-fault';

/**
 * Every refusal the product can give: its code, HTTP status, title, and the sentence that tells a person what to do,
 * in English. API and page say the same; web says it in other languages too, of which each has the shape `ProblemTexts`.
 */
export const PROBLEM_CATALOGUE = {
  'malformed-request': {
    status: 400,
    title: 'The request is malformed',
    detail: (p: MalformedRequest) =>
      `The request could not be read: ${Object.hasOwn(MALFORMED_REASONS, p.reason) ? MALFORMED_REASONS[p.reason](p) : p.reason}.`,
  },
  'invalid-parameter': {
    status: 400,
    title: 'A parameter is invalid',
    detail: (p: { errors: readonly ParameterFault[] }) =>
      `${p.errors.map((fault) => `${fault.parameter} ${parameterFaultInEnglish(fault)}`).join('; ')}.`,
  },
  'image-missing': {
    status: 400,
    title: 'There is no image',
    detail: (p: { field: string }) =>
      `Choose an image first. Programs send it as the multipart field "${p.field}" or as the body with an image/* content type.`,
  },
  'image-empty': {
    status: 400,
    title: 'The image is empty',
    detail: () => 'The file has no content. Choose another one, or save it again and retry.',
  },
  'too-many-images': {
    status: 400,
    title: 'There are too many images',
    detail: (p: { limit: number }) =>
      p.limit === 1
        ? 'Send one image at a time, or use the batch route for several.'
        : `Send at most ${p.limit} images in one request.`,
  },
  'feedback-token-invalid': {
    status: 403,
    title: 'The feedback does not belong to this answer',
    detail: () => 'Its token is that of another answer, or was changed. Send the token that came with the answer.',
  },
  'feedback-off': {
    status: 404,
    title: 'Feedback is switched off',
    detail: () => 'This service takes no feedback: whoever runs it has set up no place to keep it.',
  },
  'monitor-off': {
    status: 404,
    title: 'Nothing watches the model',
    detail: () => 'This service runs without its monitor, which would know what the model saw.',
  },
  'feedback-not-found': {
    status: 404,
    title: 'There is no such feedback',
    detail: () => 'Nothing is kept for this answer: no feedback came, or it was deleted before.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    detail: () => 'There is nothing at this address. Check it for a typing mistake, or begin at the start page.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    detail: (p: { allowed: readonly string[] }) => `This address understands ${p.allowed.join(', ')}.`,
  },
  'not-acceptable': {
    status: 406,
    title: 'No answer in an accepted format',
    detail: (p: { available: readonly string[] }) => `Answers are available as ${p.available.join(', ')}.`,
  },
  'upload-stalled': {
    status: 408,
    title: 'The upload stalled',
    detail: (p: { idleSeconds: number }) =>
      `Nothing arrived for ${seconds(p.idleSeconds)}. Check the connection and send the image again.`,
  },
  'feedback-exists': {
    status: 409,
    title: 'There is feedback to this answer already',
    detail: () => 'An answer takes feedback once. To say something else, delete the earlier feedback first.',
  },
  'feedback-expired': {
    status: 410,
    title: 'It is too late for feedback to this answer',
    detail: () => 'Answers take feedback for some days only. Send the photo again for a new answer.',
  },
  'image-too-large': {
    status: 413,
    title: 'The image is too large',
    detail: (p: { limitBytes: number }) =>
      `An image may have at most ${formatMegabytes(p.limitBytes)}. Send a smaller version of it.`,
  },
  'unsupported-image-format': {
    status: 415,
    title: 'This is not an image that can be read',
    detail: (p: { detected?: ContentKind | undefined }) =>
      `${p.detected ? `This looks like ${Object.hasOwn(CONTENT_KINDS, p.detected) ? CONTENT_KINDS[p.detected] : p.detected}.` : 'This does not look like an image.'} ` +
      `Send a photo as ${joinWithOr(IMAGE_FORMATS.map((format) => IMAGE_FORMAT_NAMES[format]))}.`,
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content type is not supported',
    detail: (p: { received?: string | undefined; supported: readonly string[] }) =>
      `${p.received ? `The content type ${p.received} is not supported` : 'The content type is missing'}; send ${joinWithOr(p.supported)}.`,
  },
  'image-undecodable': {
    status: 422,
    title: 'The image cannot be decoded',
    detail: () => 'The file is damaged or incomplete. Open and save it again, or choose another photo.',
  },
  'image-too-many-pixels': {
    status: 422,
    title: 'The image has too many pixels',
    detail: (p: { limitPixels: number }) =>
      `An image may have at most ${Math.round(p.limitPixels / 1e6)} megapixels. Scale it down and send it again.`,
  },
  'feedback-photo-differs': {
    status: 422,
    title: 'This is another photo',
    detail: () => 'Feedback takes only the photo that the answer was about, byte for byte. Choose the same file again.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    detail: (p: { retryAfterSeconds: number }) => `Wait ${seconds(p.retryAfterSeconds)} and try again.`,
  },
  'headers-too-large': {
    status: 431,
    title: 'The request headers are too large',
    detail: () => 'Send fewer or shorter headers, cookies included.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong here',
    detail: () => 'This is our fault, not yours. Try again; if it stays, report the request id.',
  },
  'bad-model-answer': {
    status: 502,
    title: 'The model gave no usable answer',
    detail: () =>
      'The model endpoint answered with something that cannot be read. Whoever runs this service has to look.',
  },
  overloaded: {
    status: 503,
    title: 'The service is busy',
    detail: (p: { retryAfterSeconds: number }) =>
      `More photos are being looked at than there is room for. Try again in ${seconds(p.retryAfterSeconds)}.`,
  },
  'service-unavailable': {
    status: 503,
    title: 'The service is not available right now',
    detail: (p: { retryAfterSeconds: number }) =>
      `A part of the service is starting or does not answer. Try again in ${seconds(p.retryAfterSeconds)}.`,
  },
  'model-unavailable': {
    status: 503,
    title: 'The model is not available right now',
    detail: (p: { retryAfterSeconds: number }) =>
      `The model is starting or does not answer. Try again in ${seconds(p.retryAfterSeconds)}.`,
  },
  'model-missing': {
    status: 503,
    title: 'There is no model yet',
    detail: (p: { retryAfterSeconds: number }) =>
      `This service has no model to ask: none was deployed, or it is being made. Try again in ${seconds(p.retryAfterSeconds)}, or later.`,
  },
  'feedback-unavailable': {
    status: 503,
    title: 'Feedback cannot be kept right now',
    detail: (p: { retryAfterSeconds: number }) =>
      `The place where it is kept is full or does not answer. Try again in ${seconds(p.retryAfterSeconds)}.`,
  },
  'monitor-unavailable': {
    status: 503,
    title: 'Monitoring is not available right now',
    detail: (p: { retryAfterSeconds: number }) =>
      `Monitoring is not set up, or does not answer; photos are answered all the same. Try again in ${seconds(p.retryAfterSeconds)}.`,
  },
  'deadline-exceeded': {
    status: 504,
    title: 'It took too long',
    detail: () => 'The answer did not come in time. Try again in a moment.',
  },
} as const satisfies Record<string, ProblemDefinition>;

interface ProblemDefinition {
  readonly status: number;
  readonly title: string;
  readonly detail: (parameters: never) => string;
}

export type ProblemCode = keyof typeof PROBLEM_CATALOGUE;

/** The values that belong to a problem; they become its extension members (RFC 9457, section 3.2). */
export type ProblemParameters<C extends ProblemCode> =
  Parameters<(typeof PROBLEM_CATALOGUE)[C]['detail']> extends [infer P] ? P : Record<string, never>;

/** What problems say in one language. */
export interface ProblemTexts {
  readonly problems: {
    readonly [C in ProblemCode]: {
      readonly title: string;
      readonly detail: (parameters: ProblemParameters<C>) => string;
    };
  };
  /** What is wrong with a parameter, without its name. */
  readonly parameterFault: (fault: ParameterFault) => string;
}

export const ENGLISH_PROBLEM_TEXTS: ProblemTexts = {
  problems: PROBLEM_CATALOGUE,
  parameterFault: parameterFaultInEnglish,
};

export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(PROBLEM_CATALOGUE, code);
}

function formatMegabytes(bytes: number): string {
  return unit('megabyte', 'short', bytes / 1e6);
}

function seconds(count: number): string {
  return unit('second', 'long', count);
}

function unit(unit: string, unitDisplay: 'short' | 'long', value: number): string {
  return value.toLocaleString('en-GB', { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 });
}

function joinWithOr(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);
}
