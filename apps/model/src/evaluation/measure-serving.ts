// Whether the model says over HTTP what it said in training, and how fast.
import { MAX_INVOCATION_BYTES } from '@app/contracts';
import { LatencyFigures, ParityFigures } from '@app/contracts/learning';
import { ModelAnswer } from '@app/contracts/sagemaker';
import { normaliseImage } from '@app/imaging';
import { DatasetImage, quantile } from '@app/learning';
import { Environment } from '@app/platform';
import { readFile } from 'node:fs/promises';
import { Answers } from './answer-images';
import { EvaluatedPackage } from './evaluated-package';
import { ServedAnswer, ServingProcess } from './serving-process';

export interface MeasureOptions {
  /** At most so many of the images are sent. */
  readonly parityImages: number;
  /** The first so many of them are timed. */
  readonly latencyImages: number;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface ServingFigures {
  readonly parity: ParityFigures;
  readonly latency: LatencyFigures;
}

/** Sends images one after another. Throws `EvaluationError` when the package is not served, or an image refused. */
export async function measureServing(
  { folder, manifest }: EvaluatedPackage,
  answers: Answers,
  { parityImages, latencyImages, environment, signal, onProgress }: MeasureOptions,
): Promise<ServingFigures> {
  const ids = manifest.labels.map(({ id }) => id);
  const rows = sampleOf(answers.images, parityImages);
  const served: ServedAnswer[] = [];
  let agreeing = 0;
  let largestDifference = 0;
  onProgress?.({ done: 0, total: rows.length });
  const serving = await ServingProcess.start(folder, environment, signal);
  try {
    for (const row of rows) {
      const { file = '', path = '' } = answers.images[row] ?? {};
      const reply = await serving.invoke(await bytesToSend(file, manifest.input.size), path);
      served.push(reply);
      if (reply.answer.predictions[0]?.label === ids[answers.predicted[row] ?? -1]) agreeing += 1;
      const { probabilities, classes } = answers;
      const expected = probabilities.subarray(row * classes, (row + 1) * classes);
      largestDifference = Math.max(largestDifference, differenceOf(reply.answer, expected, ids));
      onProgress?.({ done: served.length, total: rows.length });
    }
  } finally {
    await serving.stop();
  }
  const timed = served.slice(0, latencyImages);
  const totals = timed.map(({ totalMs }) => totalMs);
  return {
    parity: { images: rows.length, agreement: agreeing / rows.length, largestDifference },
    latency: {
      images: timed.length,
      p50Ms: quantile(totals, 0.5),
      p95Ms: quantile(totals, 0.95),
      maxMs: Math.max(...totals),
      inferMs: quantile(
        timed.map(({ inferMs }) => inferMs),
        0.5,
      ),
    },
  };
}

/** Rows of at most `most` images: chosen by content, so that the same images are chosen however they are called. */
function sampleOf(images: readonly DatasetImage[], most: number): number[] {
  const hash = (row: number) => images[row]?.sha256 ?? '';
  return Array.from(images.keys())
    .sort((a, b) => (hash(a) < hash(b) ? -1 : 1))
    .slice(0, most);
}

/** The file; what SageMaker would not take goes as the business tier sends it, with the same pixels for the model. */
async function bytesToSend(file: string, modelSize: number): Promise<Buffer> {
  const bytes = await readFile(file);
  return bytes.length <= MAX_INVOCATION_BYTES ? bytes : (await normaliseImage(bytes, { modelSize })).bytes;
}

/** Largest difference of the probabilities that were answered: of all labels, or of the best hundred. */
function differenceOf({ predictions }: ModelAnswer, expected: Float64Array, ids: readonly string[]): number {
  const differences = predictions.map(({ label, score }) => Math.abs(score - (expected[ids.indexOf(label)] ?? NaN)));
  return Math.max(...differences);
}
