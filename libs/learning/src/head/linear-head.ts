import { LinearHeadParts } from '@app/onnx';

/** A linear classifier on features: logits = weights x features + bias. */
export type Head = Pick<LinearHeadParts, 'classes' | 'dimension' | 'weights' | 'bias'>;

/** A head whose classes are known by their labels' ids, in the order of its rows. */
export interface LabelledHead extends Head {
  readonly labels: readonly string[];
}

/**
 * An earlier head as a start for the classes in `labels`: their rows where it knows them; new classes begin with no weights and
 * with the mean bias of those it knows. Undefined when it knows none of them or sees other features.
 */
export function warmStart(earlier: LabelledHead, labels: readonly string[], dimension: number): Head | undefined {
  const rows = labels.map((label) => earlier.labels.indexOf(label));
  const known = rows.filter((row) => row >= 0);
  if (known.length === 0 || earlier.dimension !== dimension) return undefined;
  const weights = new Float32Array(labels.length * dimension);
  const meanBias = known.reduce((sum, row) => sum + (earlier.bias[row] ?? 0), 0) / known.length;
  const bias = new Float32Array(labels.length).fill(meanBias);
  rows.forEach((row, index) => {
    if (row < 0) return;
    weights.set(earlier.weights.subarray(row * dimension, (row + 1) * dimension), index * dimension);
    bias[index] = earlier.bias[row] ?? 0;
  });
  return { classes: labels.length, dimension, weights, bias };
}
