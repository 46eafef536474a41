// A program of ours in a process of its own, spoken to by messages. It ends when this process ends.
import { ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';

/** Starts `dist/bench/<program>`, which has to call `serveOrders`. */
export class HelperProcess<Order extends object, News extends { readonly kind: string }> {
  private readonly child: ChildProcess;
  private readonly ended: Promise<never>;

  constructor(program: string, parameters: readonly string[] = []) {
    this.child = fork(resolve(__dirname, program), parameters, { serialization: 'advanced', execArgv: [] });
    this.ended = new Promise((_, reject) => {
      this.child.once('exit', (code, signal) => reject(new Error(`${program} ended (${code ?? signal ?? '?'})`)));
    });
    this.ended.catch(() => undefined); // told to whoever waits for news
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process was not started');
    return this.child.pid;
  }

  send(order: Order): void {
    this.child.send(order);
  }

  /** The next message of a kind. Rejects when the process ends before. */
  async news<Kind extends News['kind']>(kind: Kind): Promise<Extract<News, { readonly kind: Kind }>> {
    const isWanted = (news: News): news is Extract<News, { readonly kind: Kind }> => news.kind === kind;
    let listener: (news: News) => void = () => undefined;
    const told = new Promise<Extract<News, { readonly kind: Kind }>>((resolve) => {
      listener = (news) => {
        if (isWanted(news)) resolve(news);
      };
      this.child.on('message', listener);
    });
    try {
      return await Promise.race([told, this.ended]);
    } finally {
      this.child.off('message', listener);
    }
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }
}

/** For the program: tells news to the process that started it. */
export function tell(news: object): void {
  process.send?.(news);
}

/** For the program: works on orders one after the other, and ends with the process that started it. */
export function serveOrders(work: (order: never) => Promise<void>): void {
  let queue = Promise.resolve();
  process.on('message', (order) => {
    queue = queue.then(() => work(order as never)); // what it is, the program and its HelperProcess have agreed
  });
  process.on('disconnect', () => process.exit());
}
