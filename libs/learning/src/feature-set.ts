/** Features of many images, one row each: what the head is trained on and judged by. */
export interface FeatureSet {
  /** `[count, dimension]`, row by row. */
  readonly features: Float32Array;
  readonly dimension: number;
  /** `[count]`: for each row the position of its class. */
  readonly labels: Uint32Array;
}

/** Number of rows. */
export function countOf({ labels }: FeatureSet): number {
  return labels.length;
}
