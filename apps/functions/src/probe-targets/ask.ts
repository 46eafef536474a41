/** One question to a task by HTTP, as a client would ask it. What goes wrong on the way becomes a sentence. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Target } from '../probe-report';

export interface Question {
  readonly path: string;
  /** Posted; without one it is a GET. */
  readonly body?: Buffer;
  readonly timeoutMs: number;
  /** Of all questions together. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Undefined when the body is no JSON. */
  readonly json: unknown;
  /** To the last byte. */
  readonly ms: number;
}

/** What a task did wrong, as a sentence about it. */
export class ProbeFault extends Error {
  override readonly name = 'ProbeFault';
}

/** A connection of its own for each question: none is left over from an earlier invocation. @throws ProbeFault */
export async function ask({ host, port }: Target, { path, body, timeoutMs, signal }: Question): Promise<Reply> {
  const askedAt = performance.now();
  const method = body === undefined ? 'GET' : 'POST';
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const { status, content } = await new Promise<{ status: number; content: string }>((resolve, reject) => {
      const headers = {
        accept: 'application/json',
        'user-agent': 'image-classifier-rollout-check',
        ...(body === undefined ? {} : { 'content-type': 'image/jpeg', 'content-length': body.length }),
      };
      const asked = request({
        host,
        port,
        path,
        method,
        headers,
        agent: false,
        signal: AbortSignal.any([limit, signal]),
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        text(response).then((content) => resolve({ status: response.statusCode ?? 0, content }), reject);
      });
      asked.end(body);
    });
    return { status, json: parseOrNothing(content), ms: performance.now() - askedAt };
  } catch (error) {
    if (signal.aborted) throw new ProbeFault(`${method} ${path} had no answer when the time of the check was over.`);
    if (limit.aborted) throw new ProbeFault(`${method} ${path} had no answer within ${timeoutMs / 1000} s.`);
    throw new ProbeFault(`${method} ${path} could not be asked: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'nobody listens there' : message;
}

function parseOrNothing(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
