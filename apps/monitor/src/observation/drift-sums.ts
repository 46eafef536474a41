import { type DriftHistogram, Placement } from '../drift/reference';

/** Sums over images from which drift can be told: a histogram for each check, in the cells of the reference, and the sum of the sketches. */
export class DriftSums {
  images = 0;
  sketches = 0;
  /** Of as many dimensions as the reference compares; empty before the first sketch. */
  readonly sketchSum: number[] = [];
  readonly histograms: Partial<Record<DriftHistogram, number[]>> = {};

  /** `reference` names the reference in whose cells it counts: sums of another one cannot be added. */
  constructor(readonly reference: string) {}

  add({ cells, sketch }: Placement): void {
    this.images += 1;
    for (const [name, cell, of] of cells) {
      const counts = (this.histograms[name] ??= new Array<number>(of).fill(0));
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    if (sketch === undefined) return;
    this.sketches += 1;
    addTo(this.sketchSum, sketch);
  }

  merge(other: DriftSums): void {
    if (other.reference !== this.reference) return;
    this.images += other.images;
    this.sketches += other.sketches;
    addTo(this.sketchSum, other.sketchSum);
    for (const [name, counts] of Object.entries(other.histograms) as [DriftHistogram, number[]][]) {
      addTo((this.histograms[name] ??= []), counts);
    }
  }

  store(): StoredDriftSums {
    const { reference, images, sketches, sketchSum, histograms } = this;
    return { reference, images, sketches, sketchSum, histograms };
  }

  static restore({ reference, images, sketches, sketchSum, histograms }: StoredDriftSums): DriftSums {
    const restored = new DriftSums(reference);
    Object.assign(restored, { images, sketches });
    addTo(restored.sketchSum, sketchSum);
    for (const [name, counts] of Object.entries(histograms) as [DriftHistogram, number[]][]) {
      addTo((restored.histograms[name] ??= []), counts);
    }
    return restored;
  }
}

export interface StoredDriftSums {
  readonly reference: string;
  readonly images: number;
  readonly sketches: number;
  readonly sketchSum: readonly number[];
  readonly histograms: Partial<Record<DriftHistogram, readonly number[]>>;
}

function addTo(sums: number[], values: readonly number[]): void {
  for (let at = 0; at < values.length; at += 1) sums[at] = (sums[at] ?? 0) + (values[at] ?? 0);
}
