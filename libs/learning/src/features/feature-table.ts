import { FeatureSet } from '../feature-set';

/** Rows of features that come one by one, in any order. Takes its memory with the first. */
export class FeatureTable {
  private values = new Float32Array(0);
  private readonly present: Uint8Array;

  constructor(private readonly rows: number) {
    this.present = new Uint8Array(rows);
  }

  has(row: number): boolean {
    return this.present[row] === 1;
  }

  /** Throws a `RangeError` when a row is longer or shorter than those before. */
  set(row: number, features: Float32Array): void {
    if (this.values.length === 0) this.values = new Float32Array(this.rows * features.length);
    if (features.length !== this.dimension) {
      throw new RangeError(`a row of ${features.length} features does not fit rows of ${this.dimension}`);
    }
    this.values.set(features, row * features.length);
    this.present[row] = 1;
  }

  /** Gives the rows of `kept`, which are in ascending order, and lets go of them all. */
  take(kept: readonly number[], labels: Uint32Array): FeatureSet {
    const { values, dimension } = this;
    this.values = new Float32Array(0);
    this.present.fill(0);
    kept.forEach((row, to) => values.copyWithin(to * dimension, row * dimension, (row + 1) * dimension));
    return { features: values.subarray(0, kept.length * dimension), dimension, labels };
  }

  private get dimension(): number {
    return this.values.length / this.rows;
  }
}
