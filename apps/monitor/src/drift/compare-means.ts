import { SketchBaseline } from '@app/contracts/sagemaker';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { Comparison } from './compare-histograms';
import { fTail } from './tail-probability';

/** Images of the baseline for each direction that is compared: fewer say too little of its covariance. */
const IMAGES_PER_DIRECTION = 5;
const LEAST_DIRECTIONS = 2;
/** Share of the mean variance that is added to each: a direction that hardly varies must not decide alone. It only makes scores smaller. */
const LEAST_VARIANCE_SHARE = 1e-3;

/**
 * Compares the mean of sketches with the baseline's.
 *
 * Chance: Hotelling's two-sample T-squared with the baseline's covariance alone, T2 = D2 / (1/n + 1/m), of which
 * T2 * (m - d) / (d * (m - 1)) has the distribution F(d, m - d) (Anderson 2003, section 5.2): exact for normal sketches however small
 * the baseline is, and otherwise what the means of 100 images come close to. A covariance needs more images than directions;
 * of a smaller baseline only the first directions are compared. They are random, so that fewer of them are a sketch as well, and a
 * test on fewer is better than one with a poor covariance (Lopes, Jacob and Wainwright 2011, arXiv 1108.2401).
 *
 * Size: the Mahalanobis distance D of the means, which is Cohen's d in more than one dimension (Del Giudice 2009), less what chance
 * alone makes of it.
 */
export class MeanComparison {
  private constructor(
    /** Directions that are compared. */
    readonly dimension: number,
    private readonly mean: readonly number[],
    private readonly covariance: CholeskyDecomposition,
    private readonly baselineImages: number,
  ) {}

  /** Nothing when the baseline is too small, or does not vary. */
  static of({ mean, covariance }: SketchBaseline, baselineImages: number): MeanComparison | undefined {
    const dimension = Math.min(mean.length, Math.floor(baselineImages / IMAGES_PER_DIRECTION));
    if (dimension < LEAST_DIRECTIONS) return undefined;
    const matrix = new Matrix(dimension, dimension);
    for (let row = 0; row < dimension; row += 1) {
      for (let column = 0; column < dimension; column += 1) {
        matrix.set(row, column, covariance[row * mean.length + column] ?? 0);
      }
    }
    const ridge = (LEAST_VARIANCE_SHARE * matrix.trace()) / dimension;
    for (let at = 0; at < dimension; at += 1) matrix.set(at, at, matrix.get(at, at) + ridge);
    const factors = new CholeskyDecomposition(matrix);
    if (!(ridge > 0) || !factors.isPositiveDefinite()) return undefined;
    return new MeanComparison(dimension, mean.slice(0, dimension), factors, baselineImages);
  }

  /** Of the sum of `images` sketches. */
  compare(sketchSum: readonly number[], images: number): Comparison {
    const { dimension: d, baselineImages: m } = this;
    const difference = Matrix.columnVector(this.mean.map((mean, at) => (sketchSum[at] ?? 0) / images - mean));
    const squared = difference.dot(this.covariance.solve(difference));
    const variance = 1 / images + 1 / m;
    const byChance = (d * variance * (m - 1)) / (m - d - 2);
    return {
      score: Math.sqrt(Math.max(0, squared - byChance)),
      pValue: fTail((squared / variance) * ((m - d) / (d * (m - 1))), d, m - d),
    };
  }
}
