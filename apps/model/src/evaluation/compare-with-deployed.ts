// The candidate and the deployed model on the same test images.
import { ModelComparison, TestPrediction } from '@app/contracts/learning';
import { ModelManifest } from '@app/contracts/sagemaker';
import { BackboneError, DatasetImage } from '@app/learning';
import { comparePredictions } from '@app/learning/comparison';
import { ModelPackageError } from '../model-package/model-package.error';
import { answerImages, AnswerOptions } from './answer-images';
import { openPackage } from './evaluated-package';
import { testPredictions } from './quality-figures';
import { splitOf } from './test-images';

/** What was said of the test images, by the model in question. */
export interface Candidate {
  readonly manifest: ModelManifest;
  readonly images: readonly DatasetImage[];
  readonly predictions: readonly TestPrediction[];
}

/**
 * `folder` gives the deployed model's package, undefined when there is none. What keeps the models from being compared, a broken
 * deployed one included, is told in the explanation: it must not keep a better model from taking its place.
 */
export async function compareWithDeployed(
  folder: () => Promise<string | undefined>,
  candidate: Candidate,
  options: AnswerOptions = {},
): Promise<ModelComparison> {
  try {
    const found = await folder();
    return found === undefined
      ? notComparable('No model is deployed yet.')
      : await compareWith(found, candidate, options);
  } catch (error) {
    if (!(error instanceof ModelPackageError || error instanceof BackboneError)) throw error;
    return notComparable(`The deployed model cannot be used: ${error.message}`);
  }
}

async function compareWith(folder: string, candidate: Candidate, options: AnswerOptions): Promise<ModelComparison> {
  const deployed = await openPackage(folder);
  const { name, labels } = deployed.manifest;
  const positions = candidate.manifest.labels.map(({ id }) => labels.findIndex((label) => label.id === id));
  const images = candidate.images.map((image) => ({ ...image, label: positions[image.label] ?? -1 }));
  if (images.some(({ label }) => label < 0)) return notComparable(`The deployed model ${name} knows other classes.`);
  const theirs = testPredictions(await answerImages(deployed, images, options), deployed.manifest);
  const accuracy = accuracyOf(theirs);
  const doubt = mayHaveLearntFrom(candidate.manifest, deployed.manifest)
    ? ' It may have learnt from some of them, for they were not set aside in the same way when it was made.'
    : '';
  return {
    comparable: 1,
    explanation: `Compared with the deployed model ${name} on the same ${theirs.length} images.${doubt}`,
    deployed: { name, accuracy },
    accuracyDrop: Math.max(0, accuracy - accuracyOf(candidate.predictions)),
    changes: comparePredictions(theirs, candidate.predictions),
  };
}

/** Test images of the candidate are in the test part of an earlier model of the same data when seed and share were the same. */
function mayHaveLearntFrom(candidate: ModelManifest, deployed: ModelManifest): boolean {
  const [ours, theirs] = [splitOf(candidate), splitOf(deployed)];
  return ours !== undefined && (ours.seed !== theirs?.seed || ours.test > theirs.test);
}

function notComparable(explanation: string): ModelComparison {
  return { comparable: 0, explanation, accuracyDrop: 0 };
}

function accuracyOf(predictions: readonly TestPrediction[]): number {
  return predictions.filter(({ label, predicted }) => label === predicted).length / predictions.length;
}
