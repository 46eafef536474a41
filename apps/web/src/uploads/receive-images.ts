import { isProblem, MAX_IMAGE_BYTES, ProblemError } from '@app/contracts';
import { Arrival, collect } from '@app/platform';
import { Busboy, BusboyFileStream, BusboyInstance } from '@fastify/busboy';
import { IncomingMessage } from 'node:http';
import { UploadLease, UploadMemory } from './upload-memory';

/** One image of a request: its bytes, or why it is refused. */
export interface ReceivedImage {
  readonly index: number;
  readonly filename: string | undefined;
  readonly content: Buffer | ProblemError;
  /** The form's plain fields that came before the image. */
  readonly fields: ReadonlyMap<string, string>;
  /** Gives back the memory that is counted for the image; to be called when it has been answered. */
  readonly release: () => void;
}

export interface ReceiveOptions {
  /** Name of the multipart field that carries the images. */
  readonly field: string;
  /** Default 1: a form without an image is refused. */
  readonly minImages?: 0 | 1;
  readonly maxImages: number;
  readonly idleTimeoutMs: number;
  readonly memory: UploadMemory;
  /** Takes an image as soon as it is there. The next one is not read before the promise is fulfilled. */
  readonly take: (image: ReceivedImage) => Promise<void>;
}

/** What else a form may hold; a form that needs more is not one of ours. */
const FORM_LIMITS = { fields: 8, fieldNameSize: 100, fieldSize: 1000, headerPairs: 20 };

/**
 * Receives a multipart form while it arrives. An image over the limit is refused at the byte that is too much; the rest
 * of it is thrown away. Gives the form's plain fields when all of it has been read.
 *
 * @throws ProblemError `malformed-request`, `image-missing`, `too-many-images`, `upload-stalled`, `overloaded`
 */
export async function receiveImages(
  request: IncomingMessage,
  options: ReceiveOptions,
): Promise<ReadonlyMap<string, string>> {
  const form = openForm(request);
  const arrival = new Arrival(request, options.idleTimeoutMs);
  const fields = new Map<string, string>();
  try {
    await new Promise<void>((resolve, reject) => {
      let count = 0;
      let taking = Promise.resolve();
      const fail = (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)));

      form.on('field', (name: string, value: string) => fields.set(name, value));
      form.on('file', (name: string, stream: BusboyFileStream, filename: string | undefined) => {
        if (name !== options.field) {
          stream.resume();
          return;
        }
        taking = taking.then(async () => {
          if (filename) requireRoom(count, options.maxImages);
          const { content, release } = await receive(stream, options.memory.lease(), arrival.signal);
          if (content instanceof Buffer && content.length === 0 && !filename) return; // an input with nothing chosen
          requireRoom(count, options.maxImages);
          await options.take({ index: count++, filename, content, fields, release });
        });
        taking.catch(fail);
      });
      form.on('error', () => fail(new ProblemError('malformed-request', { reason: 'form-broken' })));
      form.on('finish', () => {
        taking
          .then(() => {
            if (count < (options.minImages ?? 1)) throw new ProblemError('image-missing', { field: options.field });
            resolve();
          })
          .catch(fail);
      });
      arrival.signal.addEventListener('abort', () => fail(arrival.signal.reason));
      request.pipe(form);
    });
  } finally {
    arrival.stop();
    request.unpipe(form);
    form.on('error', () => undefined); // it may complain that its input stopped
  }
  return fields;
}

function requireRoom(count: number, limit: number): void {
  if (count >= limit) throw new ProblemError('too-many-images', { limit });
}

function openForm(request: IncomingMessage): BusboyInstance {
  const contentType = request.headers['content-type'] ?? '';
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: FORM_LIMITS });
  } catch (error) {
    throw new ProblemError('malformed-request', { reason: 'boundary-missing' }, { cause: error });
  }
}

async function receive(
  stream: BusboyFileStream,
  { reserve, release }: UploadLease,
  signal: AbortSignal,
): Promise<Pick<ReceivedImage, 'content' | 'release'>> {
  try {
    return { content: await collect(stream, { limitBytes: MAX_IMAGE_BYTES, reserve }, signal), release };
  } catch (error) {
    release();
    if (!isProblem(error) || error.code !== 'image-too-large') throw error;
    stream.resume();
    return { content: error, release };
  }
}
