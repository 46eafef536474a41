import { IncomingMessage } from 'node:http';

/**
 * The whole body of a request. Whole, as SageMaker holds it: the container never sees a body that is too large or that
 * broke off. What comes after the limit is read and dropped, so that the client gets to read its answer.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array | 'too-large' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= limitBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve('too-large');
      }
    });
    request.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.once('error', () => resolve('aborted'));
    request.once('close', () => resolve('aborted'));
  });
}
