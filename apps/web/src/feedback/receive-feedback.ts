import { isProblem, MediaType, ProblemError } from '@app/contracts';
import { readBody } from '@app/platform';
import { IncomingMessage } from 'node:http';
import { receiveImages } from '../uploads/receive-images';
import { UploadMemory } from '../uploads/upload-memory';

/** The multipart field that carries the photo. */
export const PHOTO_FIELD = 'image';

const MAX_JSON_BYTES = 16_000;

/** Feedback as it came, not yet looked at. */
export interface ReceivedFeedback {
  readonly fields: object;
  readonly photo: Buffer | undefined;
  /** Gives back the memory that is counted for the photo. */
  readonly release: () => void;
}

interface ReceiveOptions {
  readonly idleTimeoutMs: number;
  readonly memory: UploadMemory;
}

/**
 * Receives feedback as JSON, or as a form that may bring a photo.
 *
 * @throws ProblemError `malformed-request`, `unsupported-media-type`, `too-many-images`, `image-empty`, `image-too-large`,
 *   `upload-stalled`, `overloaded`
 */
export async function receiveFeedback(request: IncomingMessage, options: ReceiveOptions): Promise<ReceivedFeedback> {
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MediaType.json) return await receiveJson(request, options);
  if (mediaType === MediaType.multipart) return await receiveForm(request, options);
  const supported = [MediaType.json, MediaType.multipart];
  throw new ProblemError('unsupported-media-type', { received: request.headers['content-type'], supported });
}

async function receiveJson(request: IncomingMessage, { idleTimeoutMs }: ReceiveOptions): Promise<ReceivedFeedback> {
  const limits = { limitBytes: MAX_JSON_BYTES, idleTimeoutMs };
  const body = await readBody(request, limits).catch((error: unknown) => {
    if (!isProblem(error) || error.code !== 'image-too-large') throw error;
    throw new ProblemError('malformed-request', { reason: 'json-too-long', limitBytes: MAX_JSON_BYTES });
  });
  const fields = parseOrNothing(body.toString());
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new ProblemError('malformed-request', { reason: 'no-json-object' });
  }
  return { fields, photo: undefined, release: () => undefined };
}

async function receiveForm(request: IncomingMessage, options: ReceiveOptions): Promise<ReceivedFeedback> {
  let received: Omit<ReceivedFeedback, 'fields'> = { photo: undefined, release: () => undefined };
  try {
    const fields = await receiveImages(request, {
      ...options,
      field: PHOTO_FIELD,
      minImages: 0,
      maxImages: 1,
      take: ({ content, release }) => {
        if (isProblem(content)) throw content;
        received = { photo: content, release };
        if (content.length === 0) throw new ProblemError('image-empty', {});
        return Promise.resolve();
      },
    });
    return { ...received, fields: Object.fromEntries(fields) };
  } catch (error) {
    received.release();
    throw error;
  }
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
