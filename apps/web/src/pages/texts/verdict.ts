import { DriftCheckResponse, DriftResponse } from '@app/contracts/monitoring';

/** How the photos of a window compare with what the model knows, in words. */
export interface Verdict {
  readonly headline: string;
  /** One sentence for each further change. */
  readonly more: readonly string[];
}

/** The checks in this state, the gravest first. */
export function changesOf({ checks }: DriftResponse, state: DriftCheckResponse['state']): DriftCheckResponse[] {
  return checks.filter((check) => check.state === state).sort((a, b) => b.score / b.limit - a.score / a.limit);
}
