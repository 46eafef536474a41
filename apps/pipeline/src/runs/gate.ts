// Which condition of the gate a model does not meet, in words. The gate itself is in the pipeline's definition.
import { EvaluationReport, PARITY_LIMITS } from '@app/contracts/learning';
import { percent, small } from '../output/figures';

export interface Condition {
  readonly name: 'accuracy' | 'accuracyDrop' | 'agreement' | 'largestDifference';
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
  /** Says what is wrong with it; of use when it is not met. */
  readonly sentence: string;
}

export interface GateLimits {
  readonly accuracyThreshold: number;
  readonly maxAccuracyDrop: number;
}

export function conditionsOf(report: EvaluationReport, limits: GateLimits): readonly Condition[] {
  const accuracy = report.multiclass_classification_metrics.accuracy.value;
  const { accuracyDrop, deployed } = report.comparison;
  const { agreement, largestDifference } = report.parity;
  const atLeast = (name: Condition['name'], value: number, limit: number, sentence: string): Condition => ({
    ...{ name, value, limit, sentence },
    met: value >= limit,
  });
  const atMost = (name: Condition['name'], value: number, limit: number, sentence: string): Condition => ({
    ...{ name, value, limit, sentence },
    met: value <= limit,
  });
  return [
    atLeast(
      'accuracy',
      accuracy,
      limits.accuracyThreshold,
      `Its accuracy is ${percent(accuracy)}, under the ${percent(limits.accuracyThreshold)} that are asked for (--accuracy-threshold).`,
    ),
    atMost(
      'accuracyDrop',
      accuracyDrop,
      limits.maxAccuracyDrop,
      `It is right for ${percent(accuracyDrop)} of the test images less than the deployed model${deployed === undefined ? '' : ` (${deployed.name}: ${percent(deployed.accuracy)})`}; ` +
        `${percent(limits.maxAccuracyDrop)} are allowed (--max-accuracy-drop).`,
    ),
    atLeast(
      'agreement',
      agreement,
      PARITY_LIMITS.agreement,
      `Served through HTTP, only ${percent(agreement)} of the images get the same label as in training; ${percent(PARITY_LIMITS.agreement)} are asked for.`,
    ),
    atMost(
      'largestDifference',
      largestDifference,
      PARITY_LIMITS.largestDifference,
      `Served through HTTP, a probability differs by ${small(largestDifference)} from training; ${small(PARITY_LIMITS.largestDifference)} is allowed.`,
    ),
  ];
}
