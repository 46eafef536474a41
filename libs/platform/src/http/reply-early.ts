import { IncomingMessage, ServerResponse } from 'node:http';

/** How long, and how much, a client that is still sending may go on after its refusal. */
const LINGER_MS = 5000;
const LINGER_BYTES = 64_000_000;

/** What is announced to be no longer is soon there; to wait for it costs less than another connection. */
const SHORT_BYTES = 256_000;

/**
 * Replies to a request whose body has not arrived completely. The rest of the body is thrown away: to close at once would
 * reset the connection, and a client that still sends, such as a browser, would report a broken connection in place of
 * the reply. The connection is kept after a short body, and closed after a while for a long one.
 */
export function replyEarly(request: IncomingMessage, response: ServerResponse, body: string): void {
  const announced = Number(request.headers['content-length'] ?? Infinity);
  if (announced > SHORT_BYTES) response.setHeader('connection', 'close');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.write(body);
  request.unpipe();

  let discarded = 0;
  const end = () => {
    clearTimeout(timer);
    request.off('data', discard).off('end', end).off('close', end);
    response.end();
  };
  const discard = (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > LINGER_BYTES) end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.on('data', discard).on('end', end).on('close', end).resume();
}
