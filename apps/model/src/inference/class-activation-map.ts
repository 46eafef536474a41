import { LinearHead, OutputTensor } from '@app/onnx';

export interface ActivationMap {
  /** Cells across and down. */
  readonly width: number;
  readonly height: number;
  /** Row by row from the top left; 0 to 1, three decimals. */
  readonly values: readonly number[];
}

/**
 * Where the features that speak for a class are: the sum over the features d of `weights[class, d] * featureMap[d]`
 * (Zhou et al. 2016, arXiv 1512.04150), what speaks against it cut off, scaled so that the strongest cell is 1.
 *
 * `featureMap` is `[1, d, height, width]`. All zero when nothing speaks for the class.
 */
export function classActivationMap({ dims, data }: OutputTensor, head: LinearHead, classIndex: number): ActivationMap {
  const [, features = 0, height = 0, width = 0] = dims;
  const cells = width * height;
  const weights = head.weights.subarray(classIndex * head.features, (classIndex + 1) * head.features);
  const sums = new Float64Array(cells);
  for (let feature = 0; feature < features; feature += 1) {
    const weight = weights[feature] ?? 0;
    for (let cell = 0; cell < cells; cell += 1)
      sums[cell] = (sums[cell] ?? 0) + weight * (data[feature * cells + cell] ?? 0);
  }
  const strongest = Math.max(0, ...sums);
  const values = Array.from(sums, (sum) => (sum <= 0 ? 0 : Math.round((sum / strongest) * 1000) / 1000));
  return { width, height, values };
}
