import { DDSketch } from '@datadog/sketches-js';

/** Relative error of a quantile. */
const ACCURACY = 0.01;
/** What lies outside is taken as the nearer end, so that a sketch never has more than 800 bins. Milliseconds. */
const LEAST_MS = 0.1;
const MOST_MS = 600_000;

/** Quantiles of latencies within 1 %, mergeable: DDSketch (Masson, Rim and Lee 2019, arXiv 1908.10693). */
export class LatencySketch {
  private readonly sketch = new DDSketch({ relativeAccuracy: ACCURACY });

  add(latencyMs: number): void {
    this.sketch.accept(Math.min(MOST_MS, Math.max(LEAST_MS, latencyMs)));
  }

  merge(other: LatencySketch): void {
    this.sketch.merge(other.sketch);
  }

  /** Milliseconds; null of nothing. */
  quantile(share: number): number | null {
    return this.sketch.count === 0 ? null : this.sketch.getValueAtQuantile(share);
  }

  /** Pairs of a bin's number and its count. */
  store(): number[] {
    const { bins, offset } = this.sketch.store;
    return bins.flatMap((count, index) => (count > 0 ? [index + offset, count] : []));
  }

  static restore(pairs: readonly number[]): LatencySketch {
    const restored = new LatencySketch();
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const latencyMs = restored.sketch.mapping.value(pairs[at] ?? NaN);
      const count = pairs[at + 1] ?? 0;
      if (latencyMs >= LEAST_MS / 2 && latencyMs <= MOST_MS * 2 && count > 0) restored.sketch.accept(latencyMs, count);
    }
    return restored;
  }
}
