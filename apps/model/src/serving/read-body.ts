import { MAX_INVOCATION_BYTES } from '@app/contracts';
import { raw, Request, Response } from 'express';

const parse = raw({ type: () => true, limit: MAX_INVOCATION_BYTES, inflate: false });

/** Reads the whole body; empty when there is none. Throws Express's errors, with status 413 for one above InvokeEndpoint's limit. */
export async function readBody(request: Request, response: Response): Promise<Buffer> {
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error instanceof Error ? reject(error) : resolve()));
  });
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
