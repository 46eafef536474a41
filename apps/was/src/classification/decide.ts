import { Decision } from '@app/contracts/classification';
import { DecisionThresholds } from '@app/contracts/sagemaker';

/**
 * The decision on an answer. An image that is unlike the training data is `unknown` whatever its score says: a softmax
 * is sure of something even then. Comparisons are those of `DecisionThresholds`.
 */
export function decide(score: number, outOfSetScore: number | undefined, thresholds: DecisionThresholds): Decision {
  if (outOfSetScore !== undefined && thresholds.unknown !== undefined && outOfSetScore > thresholds.unknown) {
    return 'unknown';
  }
  return score < thresholds.uncertain ? 'uncertain' : 'label';
}
