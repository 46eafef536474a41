import { ModelManifest } from '@app/contracts/sagemaker';
import { Evaluation } from '../metrics';
import { LearnedClassifier } from './learn-classifier';

export interface CardFacts {
  readonly manifest: ModelManifest;
  readonly learned: LearnedClassifier;
  /** On images that nothing was chosen by; without it the figures of the validation images are shown, and called so. */
  readonly test?: Evaluation;
  /** Numbers of images that were learned from, and that chose temperature and thresholds. */
  readonly trainingImages: number;
  readonly validationImages: number;
}

/** The model card (Mitchell et al. 2019, arXiv 1810.03993), in Markdown: what it knows, how good it is, and when it does not answer. */
export function modelCard({ manifest, learned, test, trainingImages, validationImages }: CardFacts): string {
  const { name, version, created, labels, input, thresholds, temperature } = manifest;
  const { uncertain, unknown, fitted } = learned;
  const measured = test ?? learned.validation;
  const kind =
    test === undefined ? 'validation images, which had a part in choosing its thresholds' : 'test images it never saw';
  const { low, high } = measured.accuracyInterval;
  const rows = measured.perClass.map(
    ({ precision, recall, f1, support }, index) =>
      `| ${cell(labels[index]?.name.en ?? `${index}`)} | ${support} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} |`,
  );
  return [
    `# ${name} ${version}`,
    `Made on ${created.slice(0, 10)} from ${trainingImages} images; ${validationImages} others${fitted.heldOut === undefined ? '' : ', and what cross-validation held out,'} chose temperature and thresholds.`,
    '## What it knows',
    `${labels.length} classes: ${labels.map(({ name: { en } }) => en).join(', ')}. Anything else it cannot know. It sees ${input.size} x ${input.size} pixels.`,
    '## How good it is',
    `Measured on ${measured.count} ${kind}: **${percent(measured.accuracy)} right** (95 % interval ${percent(low)} to ${percent(high)}), ` +
      `balanced accuracy ${percent(measured.balancedAccuracy)}, macro F1 ${percent(measured.macroF1)}.`,
    ['| class | images | precision | recall | F1 |', '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n'),
    `Scores are calibrated probabilities (temperature ${temperature.toFixed(3)}): the expected calibration error went from ` +
      `${measured.beforeCalibration.ece.toFixed(3)} to ${measured.afterCalibration.ece.toFixed(3)}, the log loss from ` +
      `${measured.beforeCalibration.logLoss.toFixed(3)} to ${measured.afterCalibration.logLoss.toFixed(3)}.`,
    '## When it does not answer',
    `**Uncertain**: a top score below ${thresholds.uncertain.toFixed(3)}. Of the images that chose it ${percent(uncertain.coverage)} get an answer, and ` +
      `${percent(uncertain.accuracy)} of the answers are right${uncertain.reached ? '' : '; the accuracy that was asked for could not be reached with a useful number of answers'}.`,
    `**Unknown**: an out-of-set score above ${(thresholds.unknown ?? NaN).toFixed(3)}. The score is the distance of the image's features to the nearest class, ` +
      `in variances (Mahalanobis distance, Lee et al. 2018, arXiv 1807.03888). ${percent(unknown.falseAlarms)} of the validation images are called unknown by mistake.`,
    '## How it was made',
    `A linear softmax classifier on the features of a frozen backbone, L2 strength ${Number(fitted.strength.toPrecision(3))}, ${fitted.iterations} iterations.`,
    '',
  ].join('\n\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
