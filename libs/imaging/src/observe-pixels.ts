// What can be told of pixels by numbers that are cheap: for comparing many images with many others, not for judging one.

/** Of RGB pixels; luma is that of Rec. 601, between 0 and 1. */
export interface PixelObservation {
  /** Mean of the luma. */
  readonly brightness: number;
  /** Standard deviation of the luma. */
  readonly contrast: number;
  /** Variance of the Laplacian of the luma, away from the edges (Pech-Pacheco et al. 2000): low for blurred images. */
  readonly sharpness: number;
}

/** Rec. 601's 0.299, 0.587 and 0.114 in thousandths, so that sums are of whole numbers and the same everywhere. */
const [RED, GREEN, BLUE] = [299, 587, 114];
const FULL_SCALE = 255 * (RED + GREEN + BLUE);

/** Takes `height * width * 3` bytes of RGB, row by row; reads each once and keeps three rows. */
export function observePixels(pixels: Uint8Array, width: number, height: number): PixelObservation {
  let [sum, squares, edges, squaredEdges] = [0, 0, 0, 0];
  let [above, middle, below] = [new Int32Array(width), new Int32Array(width), new Int32Array(width)];
  for (let y = 0, at = 0; y < height; y += 1) {
    [above, middle, below] = [middle, below, above];
    for (let x = 0; x < width; x += 1, at += 3) {
      const luma = RED * (pixels[at] ?? 0) + GREEN * (pixels[at + 1] ?? 0) + BLUE * (pixels[at + 2] ?? 0);
      below[x] = luma;
      sum += luma;
      squares += luma * luma;
    }
    if (y < 2) continue;
    for (let x = 1; x < width - 1; x += 1) {
      const around = (above[x] ?? 0) + (below[x] ?? 0) + (middle[x - 1] ?? 0) + (middle[x + 1] ?? 0);
      const laplacian = around - 4 * (middle[x] ?? 0);
      edges += laplacian;
      squaredEdges += laplacian * laplacian;
    }
  }
  const area = width * height;
  const inner = Math.max(0, width - 2) * Math.max(0, height - 2);
  return {
    brightness: sum / area / FULL_SCALE,
    contrast: Math.sqrt(variance(sum, squares, area)) / FULL_SCALE,
    sharpness: variance(edges, squaredEdges, inner) / FULL_SCALE ** 2,
  };
}

/** 0 of nothing. */
function variance(sum: number, squares: number, count: number): number {
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2); // rounding may go below 0
}
