// Requests as browsers and programs send them, and as nobody should: whole, broken off, or byte by byte. Knows HTTP only.
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { request } from 'undici';

/** Longer than any deadline of the product: a request that takes this long hangs. */
const HANGS_AFTER_MS = 30_000;

export interface Reply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Message {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** Sends a request and gives the whole reply, whatever its status. Rejects when the connection breaks or the request hangs. */
export async function send(url: string, { method = 'POST', headers = {}, body, signal }: Message): Promise<Reply> {
  const reply = await request(url, {
    method,
    headers,
    body: body ?? null,
    signal: signal ?? AbortSignal.timeout(HANGS_AFTER_MS),
  });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
}

/** One field of a form; it is a file when it has a file name. */
export interface FormPart {
  readonly field: string;
  readonly content: Buffer | string;
  readonly filename?: string;
  readonly mediaType?: string;
}

/** A form as a browser sends it (RFC 7578). */
export function form(...parts: readonly FormPart[]): { headers: Record<string, string>; body: Buffer } {
  const boundary = 'boundary-of-a-test';
  const chunks = parts.flatMap(({ field, content, filename, mediaType = 'application/octet-stream' }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"`,
    filename === undefined ? '\r\n\r\n' : `; filename="${filename}"\r\ncontent-type: ${mediaType}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk))),
  };
}

/** The bytes of an image as the body itself. */
export function raw(body: Buffer, mediaType = 'image/jpeg'): { headers: Record<string, string>; body: Buffer } {
  return { headers: { 'content-type': mediaType }, body };
}

/** A request of which the test writes every byte itself. */
export class Wire {
  /** Resolves when a whole reply has arrived; rejects when the connection ends before. */
  readonly reply: Promise<Reply>;

  private constructor(private readonly socket: Socket) {
    this.reply = readReply(socket);
    this.reply.catch(() => undefined); // for those who do not wait for it
  }

  /** Connects and sends the head of a POST request; `body` is to follow by `write`. */
  static async post(url: string, headers: Readonly<Record<string, string>>): Promise<Wire> {
    const { hostname, port, host, pathname, search } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const wire = new Wire(socket);
    const fields = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    await wire.write(`POST ${pathname}${search} HTTP/1.1\r\n${fields.join('')}\r\n`);
    return wire;
  }

  /** Resolves when the system has taken the bytes; also when the other side has closed. */
  async write(bytes: Buffer | string): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Leaves without a word. */
  leave(): void {
    this.socket.destroy();
  }
}

/** Reads one reply with a Content-Length, or one that ends with the connection. */
function readReply(socket: Socket): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let received = '';
    const finish = () => {
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) {
        reject(new Error('the connection ended before a reply'));
        return;
      }
      resolve({ ...headOf(received.slice(0, end)), text: Buffer.from(received.slice(end + 4), 'latin1').toString() });
    };
    socket.setEncoding('latin1').on('data', (data: string) => {
      received += data;
      const end = received.indexOf('\r\n\r\n');
      const length = end < 0 ? undefined : headOf(received.slice(0, end)).headers['content-length'];
      if (length !== undefined && received.length >= end + 4 + Number(length)) finish();
    });
    socket.on('error', () => undefined).on('close', finish); // what breaks a connection also closes it
  });
}

function headOf(head: string): Pick<Reply, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status: Number(statusLine.split(' ')[1]), headers: Object.fromEntries(headers) as Record<string, string> };
}
