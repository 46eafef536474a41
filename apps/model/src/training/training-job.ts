// One training job from its folders to a model package: read, extract features, learn, write. Knows neither the process nor its
// exit codes.
import {
  applyHead,
  evaluate,
  FeatureSet,
  learnClassifier,
  LearnedClassifier,
  LearningMethod,
  modelCard,
  removePackage,
  replacePackage,
  TrainingProgress,
} from '@app/learning';
import { appendLinearHead } from '@app/onnx';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, percent } from '../job/figures';
import { JobLog, Metrics } from '../job/job-log';
import { JobContext } from '../job/run-job';
import { written } from '../job/written';
import { ChosenBackbone, chooseBackbone } from './choose-backbone';
import { settingsOf, TrainingSettings } from './hyperparameters';
import { EarlierModel, readEarlierModel } from './read-earlier-model';
import { JobInput, readJobInput } from './read-job-input';
import { readTrainingData, TrainingData, usableImages } from './training-data';
import { TrainingConfig } from './training.config';
import { TrainingError } from './training.error';
import { TrainingFeatures, trainingFeatures } from './training-features';
import { TrainingFolders } from './training-folders';
import { datasetReport, manifestOf, TrainingFacts } from './training-record';

/** Told to stop: until the head is fitted nothing is left but the feature cache; then the head is saved as it is. */
export interface TrainingJob extends JobContext<TrainingConfig> {
  readonly folders: TrainingFolders;
}

const DATASET_FILE = 'dataset.json';

/** Throws `JobError`, `DatasetError`, `BackboneError` or `ModelPackageError`, whose messages say what is wrong. */
export async function runTrainingJob(job: TrainingJob): Promise<void> {
  const { folders, config, log, signal } = job;
  const startedAt = performance.now();
  await prepareResults(folders);
  const { hyperparameters, channels, warnings } = await readJobInput(folders);
  for (const warning of warnings) log.warn(warning);
  const settings = settingsOf(hyperparameters);
  const backbone = await chooseBackbone(channels.backbone, settings.inputSize);
  const earlier = channels.model === undefined ? undefined : await readEarlierModel(channels.model);
  if (earlier !== undefined && backbone.dimension !== undefined) checkDimension(earlier, backbone.dimension);

  const data = await readData(job, channels, settings);
  const startWarnings = earlier === undefined ? [] : earlierWarnings(earlier, data, backbone);
  for (const warning of startWarnings) log.warn(warning);
  const features = await computeFeatures(job, data, backbone, settings);
  if (earlier !== undefined) checkDimension(earlier, features.training.dimension);
  const facts: TrainingFacts = {
    settings,
    hyperparameters,
    config,
    data,
    usable: usableImages(data.dataset, features.broken),
    broken: features.broken,
    trainingImages: new Set(features.groups).size,
    validationImages: features.validation.labels.length,
    backbone,
    ...(earlier === undefined ? {} : { earlier }),
    warnings: [...warnings, ...data.warnings, ...startWarnings, ...features.warnings],
  };
  const report = `${JSON.stringify(datasetReport(facts), null, 2)}\n`;
  const reportFile = join(folders.outputData, DATASET_FILE);
  await written('The account of the data', reportFile, writeFile(reportFile, report));

  const learned = await learn(job, facts, features);
  const stopped = signal.aborted && !learned.fitted.converged;
  if (stopped) log.say('The job was told to stop: the head is calibrated and saved as it is.');
  await writeModel(folders.model, facts, learned, stopped);
  tellResult(facts, learned, log);
  log.say(`The model package is in ${folders.model}, after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/** SageMaker's folders are empty; what an earlier run left in others must not be taken for what this one did. */
async function prepareResults({ model, outputData, failure }: TrainingFolders): Promise<void> {
  for (const folder of [model, outputData]) await written('The results', folder, mkdir(folder, { recursive: true }));
  await written('The results', model, removePackage(model));
  for (const file of [join(outputData, DATASET_FILE), failure]) {
    await written('The results', file, rm(file, { force: true }));
  }
}

async function readData(
  { log, signal }: TrainingJob,
  channels: JobInput['channels'],
  settings: TrainingSettings,
): Promise<TrainingData> {
  const reading = readTrainingData(channels, settings, {
    signal,
    onProgress: ({ done, total }) => {
      log.progress('data', `${done.toLocaleString('en')} of ${count(total, 'file')}`);
      if (done === total) log.endPhase(); // the test data, which come next, are counted anew
    },
  });
  const data = await unlessStopped(signal, reading, () => 'while the data was read, before anything was computed.');
  for (const warning of data.warnings) log.warn(warning);
  log.leftOut('the training data', data.dataset.leftOut);
  log.leftOut('the test data', data.testData?.leftOut ?? []);
  return data;
}

async function computeFeatures(
  { folders, log, signal }: TrainingJob,
  { split }: TrainingData,
  { backbone }: ChosenBackbone,
  { flippedViews }: TrainingSettings,
): Promise<TrainingFeatures> {
  const keeps = existsSync(folders.checkpoints);
  let kept = 0;
  const computing = trainingFeatures(split, backbone, {
    flipped: flippedViews,
    ...(keeps ? { cacheFolder: join(folders.checkpoints, 'features') } : {}),
    signal,
    onProgress: ({ done, total, imagesPerSecond, remainingMs }) => {
      kept = done;
      const rate =
        imagesPerSecond === undefined || remainingMs === undefined
          ? ''
          : `, ${Math.round(imagesPerSecond).toLocaleString('en')} a second, ${Math.ceil(remainingMs / 1000)} s left`;
      log.progress('features', `${done.toLocaleString('en')} of ${count(total, 'image')}${rate}`);
    },
  });
  const features = await unlessStopped(signal, computing, () =>
    keeps
      ? `while features were computed; those of ${count(kept, 'image')} are in ${folders.checkpoints}, and the next run goes on from there.`
      : `while features were computed; ${folders.checkpoints} does not exist, so the next run begins anew.`,
  );
  for (const warning of features.warnings) log.warn(warning);
  if (features.cached > 0) log.say(`Features of ${count(features.cached, 'image')} were kept from earlier runs.`);
  log.leftOut('the training data, because their pixels cannot be read', features.broken);
  return features;
}

async function learn(
  { log, signal }: TrainingJob,
  { settings, data, earlier }: TrainingFacts,
  { training, groups, validation, validationProperties }: TrainingFeatures,
): Promise<LearnedClassifier> {
  const { method, l2Strength, seed, folds, epochs, batchSize, learningRate } = settings;
  const phases = new Set<TrainingProgress['phase']>();
  const onProgress = (progress: TrainingProgress) => {
    report(progress, log);
    phases.add(progress.phase);
  };
  const common = { classWeights: data.dataset.weights, seed, signal, onProgress };
  const learning: LearningMethod =
    method === 'fit'
      ? { method, ...common, folds, groups, ...(l2Strength === 'auto' ? {} : { strengths: [l2Strength] }) }
      : { method, ...common, epochs, batchSize, learningRate, strength: l2Strength === 'auto' ? 0 : l2Strength };
  const work = learnClassifier({
    labels: data.dataset.labels.map(({ id }) => id),
    training,
    validation,
    validationProperties,
    learning,
    ...(earlier === undefined ? {} : { earlier: earlier.head }),
    selectiveAccuracy: settings.selectiveAccuracy,
    unknownFalseAlarms: settings.unknownFalseAlarms,
  });
  const learned = await written('Intermediate results', tmpdir(), work);
  const hasStepped = phases.has('fit') || phases.has('epoch');
  if (!hasStepped) log.metrics(await trainMetrics(learned, training)); // an earlier head was at the optimum already
  return learned;
}

async function trainMetrics({ head }: LearnedClassifier, training: FeatureSet): Promise<Metrics> {
  const { logits } = await applyHead(head, training);
  const { labels } = training;
  const measured = evaluate({ logits, labels, classes: head.classes, temperature: 1, uncertain: 0 });
  return { 'train:loss': measured.beforeCalibration.logLoss, 'train:accuracy': measured.accuracy };
}

function report({ phase, done, of, loss, accuracy }: TrainingProgress, log: JobLog): void {
  const figures = `loss ${loss.toFixed(4)}, ${percent(accuracy)} right`;
  const whole = of === undefined ? '' : ` of ${of}`;
  if (phase === 'cross-validation') log.progress(phase, `L2 strength ${done} of at most ${of ?? done}, ${figures}`);
  else
    log.progress(phase, `${phase === 'fit' ? 'step ' : ''}${done}${whole}, ${figures}`, {
      'train:loss': loss,
      'train:accuracy': accuracy,
    });
}

async function writeModel(
  folder: string,
  facts: TrainingFacts,
  learned: LearnedClassifier,
  stopped: boolean,
): Promise<void> {
  const {
    graph: backbone,
    backbone: { output },
  } = facts.backbone;
  const manifest = manifestOf(facts, learned, stopped);
  const { trainingImages, validationImages } = facts;
  const card = modelCard({ manifest, learned, trainingImages, validationImages });
  const graph = await appendLinearHead(backbone, learned.head, output);
  await written('The model package', folder, replacePackage(folder, { graph, manifest, card }));
}

function tellResult(
  { settings, data, trainingImages, validationImages }: TrainingFacts,
  { validation, uncertain, fitted }: LearnedClassifier,
  log: JobLog,
): void {
  const { accuracy, accuracyInterval, afterCalibration, coverage, selectiveAccuracy } = validation;
  if (!uncertain.reached) {
    log.warn(
      `No useful number of answers is right as often as "selective-accuracy" asks (${percent(settings.selectiveAccuracy)}); ` +
        'the surer half of the images gets an answer.',
    );
  }
  log.metrics({
    'validation:accuracy': accuracy,
    'validation:log_loss': afterCalibration.logLoss,
    'validation:ece': afterCalibration.ece,
    'validation:coverage': coverage,
  });
  log.say(
    `${settings.modelName}: ${count(data.dataset.labels.length, 'class', 'classes')}, learnt from ${count(trainingImages, 'image')}; ` +
      `${count(validationImages, 'other')} to choose temperature and thresholds, ${data.split.test.length} kept for evaluation.`,
  );
  log.say(
    `Of the validation images ${percent(accuracy)} are right (95 % interval ${percent(accuracyInterval.low)} to ` +
      `${percent(accuracyInterval.high)}); log loss ${afterCalibration.logLoss.toFixed(3)}, calibration error ` +
      `${afterCalibration.ece.toFixed(3)}; ${percent(coverage)} get an answer, ${percent(selectiveAccuracy)} of these are right.`,
  );
  log.say(`L2 strength ${Number(fitted.strength.toPrecision(3))}, ${count(fitted.iterations, 'iteration')}.`);
}

function checkDimension({ name, version, head }: EarlierModel, dimension: number): void {
  if (head.dimension === dimension) return;
  throw new TrainingError(
    'bad-channel',
    `The earlier model ${name} ${version} sees ${head.dimension} features, and the backbone gives ${dimension}; ` +
      'go on from a model of the same backbone.',
  );
}

function earlierWarnings(
  { name, version, head, backboneSha256 }: EarlierModel,
  { dataset }: TrainingData,
  { facts }: ChosenBackbone,
): string[] {
  const ids = dataset.labels.map(({ id }) => id);
  const lost = head.labels.filter((label) => !ids.includes(label));
  const shown = lost.slice(0, 5).map((label) => `"${label}"`);
  const earlier = `The earlier model ${name} ${version}`;
  return [
    ...(backboneSha256 === undefined || backboneSha256 === facts.sha256
      ? []
      : [`${earlier} was learnt on another backbone; its weights are a poor start.`]),
    ...(lost.length === head.labels.length
      ? [`${earlier} knows none of the classes; learning begins anew.`]
      : lost.length > 0
        ? [
            `${earlier} knows ${count(lost.length, 'class', 'classes')} that the new one will not, such as ${shown.join(', ')}.`,
          ]
        : []),
  ];
}

/** Says where a job was when it was told to stop. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>, state: () => string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error !== signal.reason) throw error;
    throw new TrainingError('interrupted', `The job was told to stop ${state()}`, { cause: error });
  }
}
