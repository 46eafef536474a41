import { ClassificationEvent, DriftCheck } from '@app/contracts/monitoring';
import { createHash } from 'node:crypto';
import { BaselineSource } from './baseline-source';
import { ShareRange } from './compare-histograms';
import { MeanComparison } from './compare-means';
import { DecileCells } from './deciles';
import { tenthOf } from './score-tenths';

export type DriftHistogram = Exclude<DriftCheck['name'], 'features'>;

/** Where an image lies in the cells of a reference. */
export interface Placement {
  readonly reference: string;
  /** For each histogram that the image belongs in: the cell, out of how many. */
  readonly cells: readonly (readonly [histogram: DriftHistogram, cell: number, of: number])[];
  readonly sketch?: readonly number[];
}

/** Labels that are compared one by one, the most frequent ones; the others are dealt out to as many cells, and the last is for labels that are new. */
const LABEL_CELLS = 32;
/** No feature is so large; one such sketch would drown all others. */
const MOST_SKETCH = 1e9;

interface Cells {
  readonly shares: readonly ShareRange[];
  /** Nothing for an image of which this is not known. */
  readonly cellOf: (event: ClassificationEvent) => number | undefined;
}

/** A baseline made ready: it places images into its cells. Images are only placed by what the baseline and the container tell. */
export class Reference {
  /** The same for the same baseline, whoever got it and when: what is counted by references of one id can be added. */
  readonly id: string;
  readonly images: number;
  readonly means: MeanComparison | undefined;
  private readonly cells: readonly (readonly [DriftHistogram, Cells])[];
  private readonly dimension: number;

  constructor(readonly source: BaselineSource) {
    const { baseline } = source;
    this.id = createHash('sha256').update(JSON.stringify(baseline)).digest('hex').slice(0, 16);
    this.images = baseline.images;
    this.means = baseline.sketch && MeanComparison.of(baseline.sketch, baseline.images);
    this.dimension = baseline.sketch?.mean.length ?? 0;
    const deciles = (name: DriftHistogram, values: readonly number[] | undefined, valueOf: ValueOf, stepped = false) =>
      values === undefined ? [] : [[name, decileCells(values, valueOf, stepped)] as const];
    const { outOfSetDeciles, imageDeciles } = baseline;
    this.cells = [
      ['labels', labelCells(baseline.labelShares)],
      ['scores', scoreCells(baseline.scoreHistogram)],
      ...deciles('out-of-set', outOfSetDeciles, ({ outOfSetScore }) => outOfSetScore),
      ...deciles('brightness', imageDeciles?.brightness, ({ brightness }) => brightness),
      ...deciles('contrast', imageDeciles?.contrast, ({ contrast }) => contrast),
      ...deciles('sharpness', imageDeciles?.sharpness, ({ sharpness }) => sharpness),
      ...deciles('size', imageDeciles?.megapixels, megapixels, true),
    ];
  }

  place(event: ClassificationEvent): Placement {
    const cells: [DriftHistogram, number, number][] = [];
    for (const [name, { shares, cellOf }] of this.cells) {
      const cell = cellOf(event);
      if (cell !== undefined) cells.push([name, cell, shares.length]);
    }
    const { sketch } = event;
    const fits = sketch?.length === this.dimension && sketch.every((value) => Math.abs(value) < MOST_SKETCH);
    return {
      reference: this.id,
      cells,
      ...(fits && this.means ? { sketch: sketch.slice(0, this.means.dimension) } : {}),
    };
  }

  /** The histograms that it compares, with what is known of the baseline's shares. */
  get histograms(): readonly (readonly [DriftHistogram, readonly ShareRange[]])[] {
    return this.cells.map(([name, { shares }]) => [name, shares]);
  }
}

type ValueOf = (event: ClassificationEvent) => number | undefined;

export function megapixels({ width, height }: ClassificationEvent): number {
  return (width * height) / 1e6;
}

function decileCells(deciles: readonly number[], valueOf: ValueOf, stepped: boolean): Cells {
  const cells = new DecileCells(deciles, stepped);
  return {
    shares: cells.shares,
    cellOf: (event) => {
      const value = valueOf(event);
      return value === undefined ? undefined : cells.cellOf(value);
    },
  };
}

function labelCells(labelShares: Readonly<Record<string, number>>): Cells {
  const ranked = Object.entries(labelShares).sort(([, a], [, b]) => b - a);
  const cellOfRank = (rank: number) => (rank < LABEL_CELLS ? rank : LABEL_CELLS + (rank % LABEL_CELLS));
  const cells = new Map(ranked.map(([label], rank) => [label, cellOfRank(rank)]));
  const newLabels = Math.max(-1, ...cells.values()) + 1;
  const shares = new Array<number>(newLabels + 1).fill(0);
  ranked.forEach(([, share], rank) => (shares[cellOfRank(rank)] = (shares[cellOfRank(rank)] ?? 0) + share));
  return {
    shares: shares.map(exactly),
    cellOf: ({ label }) => (label === undefined ? undefined : (cells.get(label) ?? newLabels)),
  };
}

function scoreCells(histogram: readonly number[]): Cells {
  return {
    shares: histogram.map(exactly),
    cellOf: ({ score }) => tenthOf(score),
  };
}

function exactly(share: number): ShareRange {
  return { low: share, high: share };
}
