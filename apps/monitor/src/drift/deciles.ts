import { ShareRange } from './compare-histograms';

const TENTH = 0.1;

/**
 * The cells between the nine deciles of the baseline's images, and what is known of the share of those images in each. Normally there are
 * ten of a tenth. A value that several deciles share is a cell of its own (all images of one size, say): of it and its neighbours only a
 * range is known. `stepped` says that a property has few values anyway, so that any decile may sit on one that many images have.
 */
export class DecileCells {
  readonly shares: readonly ShareRange[];
  /** The upper end of each cell but the last; a value that several deciles share is both ends of its cell. */
  private readonly ends: readonly number[];

  constructor(deciles: readonly number[], stepped: boolean) {
    const ends: number[] = [];
    const shares: ShareRange[] = [];
    let belowIsTied = false;
    for (let first = 0; first < deciles.length;) {
      const value = deciles[first] ?? NaN;
      const next = deciles.findIndex((other) => other > value);
      const end = next === -1 ? deciles.length : next;
      const isTied = end - first > 1;
      shares.push(between(belowIsTied || isTied, stepped));
      ends.push(value);
      if (isTied) {
        shares.push({ low: (end - first - 1) * TENTH, high: (end - first + 1) * TENTH });
        ends.push(value);
      }
      belowIsTied = isTied;
      first = end;
    }
    shares.push(between(belowIsTied, stepped));
    this.shares = shares;
    this.ends = ends;
  }

  cellOf(value: number): number {
    const { ends } = this;
    for (let cell = 0; cell < ends.length; cell += 1) {
      const end = ends[cell] ?? Infinity;
      const tieFollows = ends[cell + 1] === end;
      if (tieFollows ? value < end : value <= end) return cell;
    }
    return ends.length;
  }
}

function between(isBesideTie: boolean, stepped: boolean): ShareRange {
  if (stepped) return { low: 0, high: 2 * TENTH };
  return isBesideTie ? { low: 0, high: TENTH } : { low: TENTH, high: TENTH };
}
