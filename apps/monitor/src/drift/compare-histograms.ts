import { chiSquaredTail } from './tail-probability';

/** What is known of the share of the baseline's images in a cell: where a decile sits on a value that many images have, only a range. */
export interface ShareRange {
  readonly low: number;
  readonly high: number;
}

export interface Comparison {
  /** How large the difference is. */
  readonly score: number;
  /** How likely so large a difference is when nothing changed. */
  readonly pValue: number;
}

export interface HistogramComparison extends Comparison {
  /** Whether the values have moved to higher or to lower cells. */
  readonly direction: 'more' | 'less';
}

/** Expected images of both samples in each cell, for chi-squared to hold (Cochran 1954); neighbours with fewer are joined. */
const LEAST_EXPECTED = 5;

/**
 * Whether two samples, the baseline's images and the window's, can come from one distribution. Chance: Pearson's chi-squared test of
 * homogeneity, in which the baseline is a sample as well, so a small one makes false alarms no more likely. Its cells may be the
 * baseline's own deciles: the shares that fall into them then have the same variance, 1/n + 1/m, as of two multinomial samples.
 *
 * Size: the population stability index, sum of (o - b) * ln(o / b) (Siddiqi 2006, Credit Risk Scorecards), less what chance alone makes of it,
 * (cells - 1) * (1/n + 1/m) (Yurdakul 2018, Statistical Properties of Population Stability Index), at least 0.
 *
 * Of a range of shares the one nearest to the window's is taken: what the baseline does not tell raises no alarm.
 */
export function compareHistograms(
  counts: readonly number[],
  baseline: readonly ShareRange[],
  baselineImages: number,
): HistogramComparison {
  const images = counts.reduce((sum, count) => sum + count, 0);
  const cells = baseline.map(({ low, high }, cell) => {
    const observed = (counts[cell] ?? 0) / images;
    return { observed, expected: Math.min(high, Math.max(low, observed)) };
  });
  const groups = join(cells, images, baselineImages);
  const variance = 1 / images + 1 / baselineImages;
  let statistic = 0;
  let stability = -(groups.length - 1) * variance;
  for (const { observed, expected } of groups) {
    const both = pooled({ observed, expected }, images, baselineImages);
    if (both > 0) statistic += (observed - expected) ** 2 / both / variance;
    const o = smoothed(observed, images, groups.length);
    const b = smoothed(expected, baselineImages, groups.length);
    stability += (o - b) * Math.log(o / b);
  }
  return {
    score: groups.length < 2 ? 0 : Math.max(0, stability),
    pValue: groups.length < 2 ? 1 : chiSquaredTail(statistic, groups.length - 1),
    direction:
      centre(cells.map(({ observed }) => observed)) >= centre(cells.map(({ expected }) => expected)) ? 'more' : 'less',
  };
}

interface Cell {
  readonly observed: number;
  readonly expected: number;
}

/** Joins neighbours until each group has enough images to be expected in both samples. By both samples' sum, so that the choice does not favour a result. */
function join(cells: readonly Cell[], images: number, baselineImages: number): Cell[] {
  const groups: Cell[] = [];
  const enough = (cell: Cell) =>
    pooled(cell, images, baselineImages) * Math.min(images, baselineImages) >= LEAST_EXPECTED;
  let open: Cell = { observed: 0, expected: 0 };
  for (const cell of cells) {
    open = sum(open, cell);
    if (!enough(open)) continue;
    groups.push(open);
    open = { observed: 0, expected: 0 };
  }
  const last = groups.pop();
  return last === undefined ? [open] : [...groups, sum(last, open)];
}

function sum(a: Cell, b: Cell): Cell {
  return { observed: a.observed + b.observed, expected: a.expected + b.expected };
}

/** The share in both samples together. */
function pooled({ observed, expected }: Cell, images: number, baselineImages: number): number {
  return (images * observed + baselineImages * expected) / (images + baselineImages);
}

/** Half an image more in each cell, so that an empty one has a logarithm. */
function smoothed(share: number, images: number, cells: number): number {
  return (share * images + 0.5) / (images + 0.5 * cells);
}

function centre(shares: readonly number[]): number {
  const total = shares.reduce((all, share) => all + share, 0);
  return total === 0 ? 0 : shares.reduce((all, share, cell) => all + share * cell, 0) / total;
}
