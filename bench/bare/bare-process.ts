// The limit: decode an image, run the graph, next image. No HTTP, no queue, nothing in between.
import { HelperProcess } from '../helper-process';

/**
 * `single`: all on the main thread. `pool`: decoding on the main thread's libuv pool, the graph in the session pool of
 * libs/onnx. `threads`: as many worker threads as CPUs, each with a plain ONNX Runtime session of its own.
 */
export type BareMode = 'single' | 'pool' | 'threads';

export interface BareOrder {
  readonly files: readonly string[];
  readonly warmUpMs: number;
  readonly windowMs: number;
}

export type BareNews =
  | { readonly kind: 'ready'; readonly createAndFirstRunMs: number }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end'; readonly images: number; readonly windowMs: number };

export class BareProcess {
  private readonly helper: HelperProcess<BareOrder, BareNews>;
  /** Resolves when the first image has been decoded and run. */
  readonly ready: Promise<{ readonly createAndFirstRunMs: number }>;

  constructor(
    readonly mode: BareMode,
    modelFolder: string,
    firstImage: string,
  ) {
    this.helper = new HelperProcess('bare/bare-loop.js', [mode, modelFolder, firstImage]);
    this.ready = this.helper.news('ready');
  }

  get pid(): number {
    return this.helper.pid;
  }

  /** `onBegin` is called when the warm-up is over. */
  async run(order: BareOrder, onBegin: () => void): Promise<{ images: number; windowMs: number }> {
    const ended = this.helper.news('end');
    const began = this.helper.news('begin').then(onBegin);
    this.helper.send(order);
    await began;
    return await ended;
  }

  async stop(): Promise<void> {
    await this.helper.stop();
  }
}
