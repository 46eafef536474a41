// Load on an HTTP service, from a process of its own whose CPU time is counted separately.
import { HelperProcess } from '../helper-process';

export interface LoadTarget {
  /** Host and port; `http` only. */
  readonly origin: string;
  readonly path: string;
  /** Name of the multipart field; the image itself is the body when absent. */
  readonly field?: string;
  readonly files: readonly string[];
}

export interface LoadOrder {
  readonly target: LoadTarget;
  /** `closed`: so many clients, each waiting for its answer. `open`: so many requests a second, whatever the answers do. */
  readonly load:
    | { readonly kind: 'closed'; readonly clients: number }
    | { readonly kind: 'open'; readonly requestsPerSecond: number };
  readonly warmUpMs: number;
  readonly windowMs: number;
}

/** Times are in milliseconds. What began in the warm-up is not in it. */
export interface LoadResult {
  readonly kind: 'end';
  readonly windowMs: number;
  /** Replies within the window, by status; 0 are broken connections. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Of each request with status 200; in an open load from the moment at which it should have been sent. */
  readonly latenciesMs: readonly number[];
  readonly serverTimings: readonly string[];
  /** Refusals (429, 503) that say when to come back. */
  readonly withRetryAfter: number;
  readonly cpuSeconds: number;
}

/** `close` is told at the end of the window, `end` when the last answers are there too. */
export type LoadNews = LoadResult | { readonly kind: 'begin' | 'close' };

/** Called when the window opens, after the warm-up, and when it closes. */
export interface WindowWatcher {
  readonly begin: () => void;
  readonly close: () => void;
}

export class LoadGenerator {
  private readonly helper = new HelperProcess<LoadOrder, LoadNews>('load/generator.js');

  get pid(): number {
    return this.helper.pid;
  }

  async run(order: LoadOrder, watcher?: WindowWatcher): Promise<LoadResult> {
    const ended = this.helper.news('end');
    const closed = this.helper.news('close').then(() => watcher?.close());
    const began = this.helper.news('begin').then(() => watcher?.begin());
    this.helper.send(order);
    await Promise.all([began, closed]);
    return await ended;
  }

  async stop(): Promise<void> {
    await this.helper.stop();
  }
}
