// What differs between two versions, and whether that could be chance. Pure; the words for it are in `comparison-lines.ts`.
import { EvaluationReport, PairedChanges, TestPrediction, TestPredictions } from '@app/contracts/learning';
import { comparePredictions } from '@app/learning/comparison';
import { ModelVersion } from './model-version';

export interface TestedVersion {
  readonly version: ModelVersion;
  readonly evaluation: EvaluationReport;
  readonly predictions: TestPredictions;
}

/** An image that only one of the two names rightly. */
export interface ChangedImage {
  readonly path: string;
  readonly label: string;
  readonly first: string;
  readonly second: string;
}

export interface VersionComparison {
  readonly first: TestedVersion;
  readonly second: TestedVersion;
  /** Undefined when they were tested with different images: then their figures cannot be set against each other. */
  readonly changes?: PairedChanges;
  /** Images that only the first, or only the second, names rightly. */
  readonly gains: { readonly first: readonly ChangedImage[]; readonly second: readonly ChangedImage[] };
}

export function compareVersions(first: TestedVersion, second: TestedVersion): VersionComparison {
  if (first.predictions.testHash !== second.predictions.testHash) {
    return { first, second, gains: { first: [], second: [] } };
  }
  const [a, b] = [first.predictions.images, second.predictions.images];
  return { first, second, changes: comparePredictions(a, b), gains: gainsOf(a, b) };
}

function gainsOf(a: readonly TestPrediction[], b: readonly TestPrediction[]): VersionComparison['gains'] {
  const others = new Map(b.map((prediction) => [prediction.sha256, prediction.predicted]));
  const gains: { first: ChangedImage[]; second: ChangedImage[] } = { first: [], second: [] };
  for (const { path, sha256, label, predicted } of a) {
    const other = others.get(sha256) ?? '';
    if ((predicted === label) === (other === label)) continue;
    gains[predicted === label ? 'first' : 'second'].push({ path, label, first: predicted, second: other });
  }
  return gains;
}
