import { MOST_CONFUSED_PAIRS, MOST_MATRIX_LABELS, ModelEvaluation, ModelLabel } from '@app/contracts/sagemaker';
import { confusedPairs, Evaluation } from '../metrics';

/** What a package tells of an evaluation, in the size of a page: pairs by the ids of the labels, the matrix where there are few. */
export function modelEvaluation(
  { confusion, afterCalibration, count }: Evaluation,
  labels: readonly Pick<ModelLabel, 'id'>[],
  measuredOn: ModelEvaluation['measuredOn'],
): ModelEvaluation {
  const idOf = (index: number) => labels[index]?.id ?? String(index);
  return {
    measuredOn,
    images: count,
    confusedPairs: confusedPairs(confusion)
      .slice(0, MOST_CONFUSED_PAIRS)
      .map(({ actual, predicted, images, share }) => ({
        actual: idOf(actual),
        predicted: idOf(predicted),
        images,
        share: rounded(share),
      })),
    ...(labels.length > MOST_MATRIX_LABELS ? {} : { confusion }),
    reliability: afterCalibration.bins.map(({ count, meanConfidence, accuracy }) => ({
      images: count,
      confidence: rounded(meanConfidence),
      accuracy: rounded(accuracy),
    })),
  };
}

/** For people. */
function rounded(share: number): number {
  return Number(share.toFixed(4));
}
