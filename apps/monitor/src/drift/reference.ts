import { ClassificationEvent, DriftCheck } from '@app/contracts/monitoring';
import { createHash } from 'node:crypto';
import { BaselineSource, ComparedBaseline } from './baseline-source';
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

/** Labels that are compared one by one, the most frequent ones; all others, whether the baseline has seen them or not, are dealt out to as many cells. */
const LABEL_CELLS = 32;
/**
 * Images of the baseline from which a label is compared by itself. Of a rarer one the baseline's share says little, and that of those
 * that it has not seen at all is never 0: it is about that of those seen once (Good 1953). With hundreds of labels a cell for what
 * is new would call the model's own data drift. So rare labels go to cells by their names, which the baseline has no part in.
 */
const LEAST_LABEL_IMAGES = 20;
/** Raised when the cells of the same baseline become others: what was counted in the old ones cannot be added. */
const CELLS_VERSION = 2;
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
    this.id = createHash('sha256')
      .update(JSON.stringify([CELLS_VERSION, baseline]))
      .digest('hex')
      .slice(0, 16);
    this.images = baseline.images;
    this.means = baseline.sketch && MeanComparison.of(baseline.sketch, baseline.images);
    this.dimension = baseline.sketch?.mean.length ?? 0;
    const deciles = (name: DriftHistogram, values: readonly number[] | undefined, valueOf: ValueOf, stepped = false) =>
      values === undefined ? [] : [[name, decileCells(values, valueOf, stepped)] as const];
    const { outOfSetDeciles, imageDeciles } = baseline;
    this.cells = [
      ['labels', labelCells(baseline)],
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

function labelCells({ labelShares, images }: Pick<ComparedBaseline, 'labelShares' | 'images'>): Cells {
  const frequent = Object.entries(labelShares)
    .filter(([, share]) => Math.round(share * images) >= LEAST_LABEL_IMAGES)
    .sort(([, a], [, b]) => b - a)
    .slice(0, LABEL_CELLS);
  const own = new Map(frequent.map(([label], cell) => [label, cell]));
  const cellOf = (label: string) => own.get(label) ?? own.size + dealtCell(label);
  const shares = new Array<number>(own.size + LABEL_CELLS).fill(0);
  for (const [label, share] of Object.entries(labelShares)) {
    const cell = cellOf(label);
    shares[cell] = (shares[cell] ?? 0) + share;
  }
  return {
    shares: shares.map(exactly),
    cellOf: ({ label }) => (label === undefined ? undefined : cellOf(label)),
  };
}

function dealtCell(label: string): number {
  return createHash('sha256').update(label).digest().readUInt32BE() % LABEL_CELLS;
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
