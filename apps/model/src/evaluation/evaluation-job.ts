// One evaluation from the inputs of the job to its results. Knows neither the process nor its exit codes.
import { EvaluatedModel, EvaluationReport, OutOfSetFigures } from '@app/contracts/learning';
import { ModelManifest } from '@app/contracts/sagemaker';
import { DatasetImage, evaluationPage, hashOfImages, readUnlabelledImages } from '@app/learning';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobContext } from '../job/run-job';
import { written } from '../job/written';
import { unpackedPackage } from '../model-package/unpacked-package';
import { answerImages, Answers } from './answer-images';
import { compareWithDeployed } from './compare-with-deployed';
import { EvaluatedPackage, openPackage } from './evaluated-package';
import { EvaluationConfig } from './evaluation.config';
import { EvaluationError } from './evaluation.error';
import { EvaluationFolders } from './evaluation-folders';
import { writeMadeImages } from './made-images';
import { measureServing } from './measure-serving';
import { modelQualityMetrics } from './model-quality-metrics';
import { labelsOf, outOfSetFigures, qualityFigures, testPredictions } from './quality-figures';
import { summarise } from './summarise';
import { readTestImages } from './test-images';
import { worstMistakes } from './worst-mistakes';
import { prepareResults, writeEvaluation } from './write-evaluation';

/** Its environment is also that of the process that serves the model. Told to stop, it writes nothing. */
export interface EvaluationJob extends JobContext<EvaluationConfig> {
  readonly folders: EvaluationFolders;
}

/** Throws `JobError`, `ModelPackageError`, `DatasetError` or `BackboneError`, whose messages say what is wrong, or the signal's reason. */
export async function runEvaluationJob(job: EvaluationJob): Promise<void> {
  const place = await written('Intermediate results', tmpdir(), mkdtemp(join(tmpdir(), 'evaluation-')));
  try {
    await evaluateIn(place, job);
  } catch (error) {
    job.signal.throwIfAborted(); // what else was thrown came of the stop
    throw error;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** `place` is for what is needed meanwhile. */
async function evaluateIn(place: string, job: EvaluationJob): Promise<void> {
  const { folders, config, environment, log, signal } = job;
  await written('The results', folders.results, prepareResults(folders));

  log.progress('Opening the model');
  const candidate = await openPackage(await unpackedPackage(await folders.required('model'), join(place, 'model')));
  const { manifest } = candidate;

  log.progress('Reading the test images');
  const test = await readTestImages(await folders.required('test'), manifest, signal);
  for (const warning of test.warnings) log.warn(warning);

  const answers = await answersTo('the test images', candidate, test.images, job);
  if (answers.images.length === 0) throw new EvaluationError('None of the test images can be decoded.');
  const predictions = testPredictions(answers, manifest);

  const outOfSet = await outOfSetOf(candidate, answers, place, job);
  const { parity, latency } = await measureServing(candidate, answers, {
    parityImages: config.parityImages,
    latencyImages: config.latencyImages,
    environment,
    signal,
    onProgress: log.counter('Asking the model over HTTP'),
  });
  const comparison = await compareWithDeployed(
    async () => {
      const input = await folders.optional('deployed');
      return input === undefined ? undefined : unpackedPackage(input, join(place, 'deployed'));
    },
    { manifest, images: answers.images, predictions },
    { signal, onProgress: log.counter('Showing the test images to the deployed model') },
  );

  const hash = hashOfImages(answers.images, manifest.labels);
  const outcome = { labels: labelsOf(answers), predicted: answers.predicted };
  const report: EvaluationReport = {
    multiclass_classification_metrics: modelQualityMetrics(
      outcome,
      manifest.labels.map(({ id }) => id),
      config.seed,
    ),
    schemaVersion: 1,
    created: new Date().toISOString(),
    model: evaluatedModel(manifest),
    test: {
      images: answers.images.length,
      hash,
      setAside: test.setAside,
      leftOut: [...test.leftOut, ...answers.leftOut],
    },
    quality: qualityFigures(answers, manifest),
    outOfSet,
    parity,
    latency,
    comparison,
  };
  log.progress('Writing the results');
  const mistakes = await worstMistakes(predictions, answers.images);
  signal.throwIfAborted();
  const results = writeEvaluation(folders.results, {
    report,
    predictions: { schemaVersion: 1, testHash: hash, images: predictions },
    page: evaluationPage({ report, mistakes }),
  });
  await written('The evaluation', folders.results, results);
  log.say(summarise(report));
}

function answersTo(
  what: string,
  model: EvaluatedPackage,
  images: readonly DatasetImage[],
  { log, signal }: EvaluationJob,
): Promise<Answers> {
  return answerImages(model, images, { signal, onProgress: log.counter(`Showing ${what} to the model`) });
}

/** The photos of other things that were given, and images that are made. */
async function outOfSetOf(
  candidate: EvaluatedPackage,
  known: Answers,
  place: string,
  job: EvaluationJob,
): Promise<OutOfSetFigures[]> {
  const { folders, config, log, signal } = job;
  const kinds = await writeMadeImages(join(place, 'made'), candidate.manifest.input.size, config.seed);
  const others = await folders.optional('other');
  if (others !== undefined) {
    const { images, leftOut } = await readUnlabelledImages(others, { signal });
    log.leftOut('the other images', leftOut);
    kinds.unshift({ name: 'other', images });
  }
  // At once, for starting the network takes longer than these images; what is there twice is shown once.
  const unique = new Map(kinds.flatMap(({ images }) => images.map((image) => [image.sha256, image])));
  const answers = await answersTo('images of other things', candidate, [...unique.values()], job);
  return kinds.flatMap(({ name, images }) => {
    const own = new Set(images.map(({ sha256 }) => sha256));
    const rows = [...answers.images.keys()].filter((row) => own.has(answers.images[row]?.sha256 ?? ''));
    return rows.length === 0 ? [] : [outOfSetFigures(name, answers, rows, known)];
  });
}

function evaluatedModel({ name, created, labels, temperature, thresholds, data }: ModelManifest): EvaluatedModel {
  const { trainingImages, validationImages, hash, splitHash } = data ?? {};
  return {
    name,
    created,
    labels: labels.map((label) => ({ id: label.id, name: label.name.en })),
    temperature,
    thresholds,
    ...(typeof trainingImages === 'number' ? { trainingImages } : {}),
    ...(typeof validationImages === 'number' ? { validationImages } : {}),
    ...(typeof hash === 'string' ? { dataHash: hash } : {}),
    ...(typeof splitHash === 'string' ? { splitHash } : {}),
  };
}
