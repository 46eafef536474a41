// A client that costs next to nothing: requests are bytes made beforehand, of a reply only the head is looked at.
import { connect, Socket } from 'node:net';

export interface Reply {
  /** 0 when the connection broke before the reply was whole. */
  readonly status: number;
  /** Status line and header fields, as they came. */
  readonly head: string;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const BROKEN: Reply = { status: 0, head: '' };

/** One kept-alive connection, one request at a time. Reads replies with a Content-Length, as all of ours are. */
export class HttpConnection {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private head = '';
  private missingBytes = 0;
  private settle: ((reply: Reply) => void) | undefined;

  constructor(host: string, port: number) {
    this.socket = connect({ host, port, noDelay: true });
    this.socket.on('data', (chunk: Buffer) => this.onData(chunk));
    this.socket.on('error', () => undefined); // `close` follows
    this.socket.on('close', () => this.finish(BROKEN));
  }

  get isUsable(): boolean {
    return this.socket.writable && !this.socket.destroyed;
  }

  send(request: Buffer): Promise<Reply> {
    return new Promise((resolve) => {
      this.settle = resolve;
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private onData(chunk: Buffer): void {
    if (this.head !== '') {
      this.onBody(chunk.length);
      return;
    }
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    this.head = this.received.toString('latin1', 0, end);
    const bodyBytes = this.received.length - end - END_OF_HEAD.length;
    this.received = Buffer.alloc(0);
    this.missingBytes = Number(/\r\ncontent-length: *(\d+)/i.exec(this.head)?.[1] ?? NaN);
    if (Number.isNaN(this.missingBytes)) this.socket.destroy(new Error('a reply without Content-Length'));
    else this.onBody(bodyBytes);
  }

  private onBody(bytes: number): void {
    this.missingBytes -= bytes;
    if (this.missingBytes > 0) return;
    const { head } = this;
    this.head = '';
    if (/\r\nconnection: *close/i.test(head)) this.socket.end();
    this.finish({ status: Number(head.slice(9, 12)), head });
  }

  private finish(reply: Reply): void {
    const { settle } = this;
    this.settle = undefined;
    settle?.(reply);
  }
}
