import { ProblemError } from '@app/contracts';
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ClientLeftError } from './client-left.error';

export interface ReadLimits {
  /** What is more is refused as soon as it is known, from the announced length or while it arrives. */
  readonly limitBytes: number;
  /** Longest time without a byte. */
  readonly idleTimeoutMs: number;
  /** Called before bytes are kept; may throw to refuse them. */
  readonly reserve?: (bytes: number) => void;
}

/** Reads a request's body into memory, never more than the limit of it. */
export async function readBody(request: IncomingMessage, limits: ReadLimits): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limits.limitBytes) {
    throw new ProblemError('image-too-large', { limitBytes: limits.limitBytes });
  }
  const arrival = new Arrival(request, limits.idleTimeoutMs);
  try {
    return await collect(request, limits, arrival.signal);
  } finally {
    arrival.stop();
  }
}

/** Watches a body arrive. Its signal aborts with a problem when nothing comes for too long, or when the client leaves. */
export class Arrival {
  private readonly controller = new AbortController();
  private readonly idle: NodeJS.Timeout;

  constructor(
    private readonly request: IncomingMessage,
    idleTimeoutMs: number,
  ) {
    const stalled = () => new ProblemError('upload-stalled', { idleSeconds: Math.ceil(idleTimeoutMs / 1000) });
    this.idle = setTimeout(() => {
      // A sender whom we keep waiting has not stalled.
      if (request.isPaused()) this.idle.refresh();
      else this.controller.abort(stalled());
    }, idleTimeoutMs);
    request.on('data', this.onData).on('close', this.onClose);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    clearTimeout(this.idle);
    this.request.off('data', this.onData).off('close', this.onClose);
  }

  private readonly onData = () => {
    this.idle.refresh();
  };

  private readonly onClose = () => {
    if (!this.request.complete) this.controller.abort(new ClientLeftError());
  };
}

/**
 * Collects a stream in memory: a body, or one part of it.
 *
 * @throws ProblemError `image-too-large` at the first byte over the limit, and the signal's reason when it aborts
 */
export async function collect(
  stream: Readable,
  { limitBytes, reserve }: Pick<ReadLimits, 'limitBytes' | 'reserve'>,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > limitBytes) throw new ProblemError('image-too-large', { limitBytes });
        reserve?.(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        settle(() => reject(asError(error)));
      }
    };
    const onEnd = () => settle(() => resolve(joined(chunks, size)));
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () => settle(() => reject(asError(signal.reason)));
    const settle = (finish: () => void) => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).on('error', ignore);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    stream.on('data', onData).on('end', onEnd).on('error', onError);
    signal.addEventListener('abort', onAbort);
  });
}

/** A small body comes in one piece, and then is not copied. */
function joined(chunks: readonly Buffer[], size: number): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** A connection that breaks while the refusal is already on its way is no news. */
function ignore(): void {
  return;
}
