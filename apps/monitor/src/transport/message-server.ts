// Nest's TCP transport, with what a service needs beyond it: an end that loses no answer, and limits for what may come in.
import { Logger } from '@nestjs/common';
import { CustomTransportStrategy, ServerTCP, TcpSocket } from '@nestjs/microservices';
import { InvalidTcpDataReceptionException } from '@nestjs/microservices/errors/invalid-tcp-data-reception.exception';
import { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrafficCounters } from './traffic-counters';

/** Characters of a message. The largest batch has 600 thousand, the baseline of a model with 2,048 features 80 thousand. */
const MAX_MESSAGE_CHARACTERS = 2_000_000;
/** Bytes of answers for one connection whose other end does not read. */
const MAX_UNREAD_BYTES = 4_000_000;
/** A message that has begun has to be complete by then; who speaks HTTP never completes one. */
const INCOMPLETE_MESSAGE_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 256;
/** How long an end may wait: for messages in hand to be answered, then for the other ends to have read the answers. */
const FINISH_LIMIT_MS = 5000;
const FAREWELL_LIMIT_MS = 1000;
const POLL_MS = 5;

export interface MessageServerOptions {
  readonly host: string;
  readonly port: number;
}

export class MessageServer extends ServerTCP implements CustomTransportStrategy {
  private readonly log = new Logger('Messages');
  private inHand = 0;
  private isClosing = false;

  constructor(
    options: MessageServerOptions,
    private readonly counters: TrafficCounters,
  ) {
    super({
      ...options,
      maxBufferSize: MAX_MESSAGE_CHARACTERS,
      maxSendBufferSize: MAX_UNREAD_BYTES,
      incompleteMessageTimeout: INCOMPLETE_MESSAGE_TIMEOUT_MS,
    });
    this.server.maxConnections = MAX_CONNECTIONS;
    this.onProcessingStartHook = (_transport, _context, done) => {
      this.inHand += 1;
      void done().catch((error: unknown) => this.handleError(error));
    };
    this.onProcessingEndHook = () => {
      this.inHand -= 1;
    };
  }

  override listen(callback: (error?: unknown) => void): void {
    super.listen((error?: unknown) => {
      if (error === undefined) {
        const { port, address } = this.server.address() as AddressInfo; // a TCP server that listens has one
        this.log.log({ messagePort: port, host: address }, 'taking messages');
      }
      callback(error);
    });
  }

  override bindHandler(socket: Socket): void {
    super.bindHandler(socket);
    this.counters.connections += 1;
    socket.on('close', () => (this.counters.connections -= 1));
    // Nest reports bytes that are no message with a text, and a broken connection with an Error.
    socket.on('error', (fault: unknown) => {
      if (typeof fault === 'string') this.refuse(fault);
      socket.destroySoon();
    });
  }

  override async handleMessage(socket: TcpSocket, rawMessage: unknown): Promise<void> {
    if (this.isClosing) return; // its sender gets no answer and sends it again to whoever is there then
    const { pattern, id } = patternAndId(rawMessage);
    if (pattern === undefined || this.getHandlerByPattern(pattern) === null) {
      this.refuse('the pattern is unknown');
      if (id !== undefined) {
        socket.sendMessage({ id, err: { code: 'refused', message: 'the pattern is unknown' }, isDisposed: true });
      }
      return;
    }
    await super.handleMessage(socket, rawMessage);
  }

  /** Answers what is in hand before it closes the connections; Nest alone cuts them off at once. */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- Nest awaits it, whatever its type says
  override async close(): Promise<void> {
    this.isClosing = true;
    this.server.close();
    await this.until(() => this.inHand === 0, FINISH_LIMIT_MS);
    for (const socket of this.openSockets) socket.end();
    await this.until(() => this.openSockets.size === 0, FAREWELL_LIMIT_MS);
    super.close();
  }

  /** What a connection does wrong is told by `bindHandler` already. */
  protected override handleError(error: unknown): void {
    if (error instanceof InvalidTcpDataReceptionException) return;
    this.log.error({ err: error }, 'the transport failed');
  }

  private refuse(reason: string): void {
    this.counters.refusedMessages += 1;
    this.log.log({ reason: reason.split('\n', 1)[0]?.slice(0, 100) }, 'refused what is no message');
  }

  private async until(holds: () => boolean, limitMs: number): Promise<void> {
    const limit = performance.now() + limitMs;
    while (!holds() && performance.now() < limit) await sleep(POLL_MS);
  }
}

/** Of what may be anything. */
function patternAndId(message: unknown): { pattern?: string; id?: string } {
  if (typeof message !== 'object' || message === null) return {};
  const pattern = 'pattern' in message && typeof message.pattern === 'string' ? { pattern: message.pattern } : {};
  const id = 'id' in message && typeof message.id === 'string' ? { id: message.id } : {};
  return { ...pattern, ...id };
}
