// How good answers to labelled images are, and answers to images of nothing the model knows: what the report says of them.
import { Decision } from '@app/contracts/classification';
import { CalibrationFigures, OutOfSetFigures, QualityFigures, TestPrediction } from '@app/contracts/learning';
import { ModelManifest } from '@app/contracts/sagemaker';
import { auroc, evaluate, ProbabilityScores } from '@app/learning';
import { Answers } from './answer-images';

/** As many as a curve on a page can show. */
const MOST_CURVE_POINTS = 200;

export function qualityFigures(answers: Answers, { labels, thresholds }: ModelManifest): QualityFigures {
  const { images, predicted, decisions } = answers;
  const actual = labelsOf(answers);
  const { uncertain } = thresholds;
  const figures = evaluate({ ...answers, labels: actual, uncertain });
  const answered = [...images.keys()].filter((row) => decisions[row] === 'label');
  const right = answered.filter((row) => actual[row] === predicted[row]).length;
  return {
    accuracy: figures.accuracy,
    accuracyInterval: figures.accuracyInterval,
    balancedAccuracy: figures.balancedAccuracy,
    macroF1: figures.macroF1,
    perClass: figures.perClass.map(({ support, ...scores }, label) => ({
      label: labels[label]?.id ?? '',
      name: labels[label]?.name.en ?? '',
      images: support,
      ...scores,
    })),
    confusion: figures.confusion,
    beforeCalibration: calibrationFigures(figures.beforeCalibration),
    afterCalibration: calibrationFigures(figures.afterCalibration),
    riskCoverage: thinned(figures.riskCoverage, MOST_CURVE_POINTS),
    aurc: figures.aurc,
    decisions: sharesOf(decisions),
    selectiveAccuracy: answered.length === 0 ? 1 : right / answered.length,
  };
}

/** Of some `rows` of the answers to images of other things, beside those to the test images. */
export function outOfSetFigures(
  name: string,
  others: Answers,
  rows: readonly number[],
  known: Answers,
): OutOfSetFigures {
  const strangeness = strangenessOf(others);
  return {
    name,
    images: rows.length,
    decisions: sharesOf(rows.flatMap((row) => others.decisions[row] ?? [])),
    auroc: auroc(
      strangenessOf(known),
      rows.map((row) => strangeness[row] ?? NaN),
    ),
  };
}

export function testPredictions(
  { images, predicted, confidence, decisions }: Answers,
  manifest: ModelManifest,
): TestPrediction[] {
  const idOf = (label: number | undefined) => manifest.labels[label ?? -1]?.id ?? '';
  return images.map(({ path, sha256, label }, row) => ({
    path,
    sha256,
    label: idOf(label),
    predicted: idOf(predicted[row]),
    score: confidence[row] ?? 0,
    decision: decisions[row] ?? 'label',
  }));
}

/** Class numbers of the images. */
export function labelsOf({ images }: Answers): Uint32Array {
  return Uint32Array.from(images, ({ label }) => label);
}

/** At most `most` of the points, the first and the last among them. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}

/** The out-of-set score; of a model that has none, how unsure it is (Hendrycks and Gimpel 2017, arXiv 1610.02136). */
function strangenessOf({ outOfSet, confidence }: Answers): ArrayLike<number> {
  return outOfSet.length > 0 ? outOfSet : confidence.map((share) => -share);
}

function calibrationFigures({ bins, ...scores }: ProbabilityScores): CalibrationFigures {
  return {
    ...scores,
    bins: bins.map(({ count, meanConfidence, accuracy }) => ({ count, confidence: meanConfidence, accuracy })),
  };
}

function sharesOf(decisions: readonly Decision[]): Record<Decision, number> {
  const shareOf = (wanted: Decision) => decisions.filter((decision) => decision === wanted).length / decisions.length;
  return { label: shareOf('label'), uncertain: shareOf('uncertain'), unknown: shareOf('unknown') };
}
