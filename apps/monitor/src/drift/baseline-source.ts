import { DriftBaseline } from '@app/contracts/sagemaker';

/** What a model's images are compared with, and where it comes from; plain values, as they are kept. */
export interface BaselineSource {
  readonly kind: 'package' | 'first-images';
  /** When monitor got it, in milliseconds since 1970. */
  readonly since: number;
  readonly baseline: ComparedBaseline;
}

/** Without the features themselves, which only their sketches are compared by. */
export type ComparedBaseline = Omit<DriftBaseline, 'featureMean' | 'featureVariance'>;

/** Of several monitors' sources for one model: the package's, or else the one that was complete first. */
export function preferred(a: BaselineSource | undefined, b: BaselineSource | undefined): BaselineSource | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.kind !== b.kind) return a.kind === 'package' ? a : b;
  return b.since < a.since ? b : a;
}
