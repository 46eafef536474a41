// How well a score tells images of known things from others. Higher scores mean "more unlike what was learned". Pure functions.

/** Probability that an image from outside scores higher than one from inside, ties counted half (Mann and Whitney 1947). */
export function auroc(inside: ArrayLike<number>, outside: ArrayLike<number>): number {
  const sorted = Float64Array.from(inside).sort();
  let wins = 0;
  for (const score of Float64Array.from(outside)) {
    wins += (positionOf(sorted, score, false) + positionOf(sorted, score, true)) / 2;
  }
  return inside.length * outside.length === 0 ? NaN : wins / (inside.length * outside.length);
}

/** Share of the images from outside that pass as known when 95 % of those from inside do. */
export function fpr95(inside: ArrayLike<number>, outside: ArrayLike<number>): number {
  const threshold = quantile(inside, 0.95);
  const passed = Array.from(outside).filter((score) => score <= threshold).length;
  return outside.length === 0 ? NaN : passed / outside.length;
}

/** With linear interpolation between neighbours, as NumPy's default (Hyndman and Fan 1996, type 7). NaN of nothing. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const [below = NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** Number of values below `limit`, or not above it. */
function positionOf(sorted: Float64Array, limit: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
