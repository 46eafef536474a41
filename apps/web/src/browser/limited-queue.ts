/** Does so many things at a time; the rest wait, first come first served. */
export class LimitedQueue {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly limit: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await work();
    } finally {
      const first = this.waiting.shift();
      if (first)
        first(); // takes over the place
      else this.running--;
    }
  }
}
