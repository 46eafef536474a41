// monitor over Nest's TCP transport. The only file of was that knows the transport.
import { MonitoringPattern } from '@app/contracts/monitoring';
import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout, TimeoutError } from 'rxjs';
import { MonitorClient, MonitorError, MonitorMessages } from './monitor-client.port';

/** Bytes that wait for a monitor that does not read: a few of the largest batches. */
const MAX_UNREAD_BYTES = 4_000_000;
/** Characters of an answer; the largest has some ten thousand. */
const MAX_ANSWER_CHARACTERS = 1_000_000;

export interface TcpMonitorOptions {
  readonly host: string;
  readonly port: number;
  /** Whoever asks waits for it. Default 2000. */
  readonly questionTimeoutMs?: number;
  /** Nobody waits for a receipt. Default 5000. */
  readonly receiptTimeoutMs?: number;
}

const QUESTIONS: readonly string[] = [MonitoringPattern.summary, MonitoringPattern.drift, MonitoringPattern.recent];

/** Connects when there is something to say, and anew after the connection has broken. */
export class TcpMonitorClient extends MonitorClient {
  readonly isConfigured = true;
  private connection: Connection | undefined;

  constructor(private readonly options: TcpMonitorOptions) {
    super();
  }

  async send<P extends keyof MonitorMessages>(
    pattern: P,
    message: MonitorMessages[P]['message'],
  ): Promise<MonitorMessages[P]['answer']> {
    const { questionTimeoutMs = 2000, receiptTimeoutMs = 5000 } = this.options;
    const isQuestion = QUESTIONS.includes(pattern);
    const connection = (this.connection ??= new Connection(this.options));
    try {
      const answers = connection.send<MonitorMessages[P]['answer']>(pattern, message);
      return await firstValueFrom(answers.pipe(timeout(isQuestion ? questionTimeoutMs : receiptTimeoutMs)));
    } catch (error) {
      if (!(error instanceof Error)) throw refusal(error); // as it came over the wire
      // A question that is answered late does no harm; batches to a monitor that does not read would pile up.
      const isUsable = error instanceof TimeoutError && isQuestion;
      if (!isUsable) this.abandon(connection);
      const problem = error instanceof TimeoutError ? 'it does not answer' : error.message;
      throw new MonitorError('unreachable', problem, { cause: error });
    }
  }

  close(): void {
    if (this.connection !== undefined) this.abandon(this.connection);
  }

  private abandon(connection: Connection): void {
    if (this.connection === connection) this.connection = undefined;
    connection.abandon();
  }
}

/** One connection in its life: Nest's client takes the end of an old socket for the end of the one that has followed it. */
class Connection extends ClientTCP {
  constructor({ host, port }: TcpMonitorOptions) {
    super({ host, port, maxSendBufferSize: MAX_UNREAD_BYTES, maxBufferSize: MAX_ANSWER_CHARACTERS });
  }

  /** Nest would log each failure; whoever sends knows of them, and tells the first. */
  override handleError(): void {
    // told by `send`
  }

  /** `close` would wait for the other end, which may hang. */
  abandon(): void {
    const socket = this.socket?.netSocket;
    this.handleClose();
    socket?.destroy();
  }
}

function refusal(answer: unknown): MonitorError {
  const reason =
    typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : String(answer);
  return new MonitorError('refused', reason);
}
