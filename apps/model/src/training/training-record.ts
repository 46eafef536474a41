// What is kept of a job: the manifest of its model, and the account of its data. Knows no files.
import { ModelManifest } from '@app/contracts/sagemaker';
import { countsOf, Dataset, DatasetImage, LearnedClassifier, LeftOut, modelEvaluation } from '@app/learning';
import { ChosenBackbone } from './choose-backbone';
import { HyperparameterValues, TrainingSettings } from './hyperparameters';
import { EarlierModel } from './read-earlier-model';
import { TrainingConfig } from './training.config';
import { TrainingData } from './training-data';

export interface TrainingFacts {
  readonly settings: TrainingSettings;
  readonly hyperparameters: HyperparameterValues;
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  /** Images of all parts, without broken ones. */
  readonly usable: readonly DatasetImage[];
  /** Images whose pixels cannot be read. */
  readonly broken: readonly LeftOut[];
  /** Images that were learnt from, and that chose temperature and thresholds. */
  readonly trainingImages: number;
  readonly validationImages: number;
  readonly backbone: ChosenBackbone;
  readonly earlier?: EarlierModel;
  /** Sentences. */
  readonly warnings: readonly string[];
}

/** The registry numbers models when they are registered, and the deployment says which number is served. */
const NOT_NUMBERED = '0.0.0';

/** `stopped`: the head was saved as it was when the job was told to stop. */
export function manifestOf(facts: TrainingFacts, learned: LearnedClassifier, stopped: boolean): ModelManifest {
  const { settings, data, backbone } = facts;
  const { validation } = learned;
  return {
    schemaVersion: 1,
    name: settings.modelName,
    version: NOT_NUMBERED,
    created: new Date().toISOString(),
    labels: data.dataset.labels,
    input: backbone.backbone.input,
    temperature: learned.temperature,
    thresholds: learned.thresholds,
    metrics: {
      measuredOn: 'validation images',
      validationImages: facts.validationImages,
      accuracy: rounded(validation.accuracy),
      macroF1: rounded(validation.macroF1),
      logLoss: rounded(validation.afterCalibration.logLoss),
      ece: rounded(validation.afterCalibration.ece),
      answeredShare: rounded(validation.coverage),
      answeredRight: rounded(validation.selectiveAccuracy),
      unknownFalseAlarms: rounded(learned.unknown.falseAlarms),
    },
    evaluation: modelEvaluation(validation, data.dataset.labels, 'validation'),
    data: dataRecord(facts),
    provenance: provenanceOf(facts, learned, stopped),
    baseline: learned.baseline,
  };
}

/** `data` of model.json. With the same data, shares and seed `splitDataset` gives the same parts again. */
export function dataRecord({ settings, data, usable, broken, trainingImages, validationImages }: TrainingFacts) {
  const { dataset, split } = data;
  return {
    counts: countsById(dataset, usable),
    hash: dataset.hash,
    splitHash: split.hash,
    split: { validation: settings.validationShare, test: settings.testShare, seed: settings.seed },
    trainingImages,
    validationImages,
    testImages: split.test.length,
    leftOut: dataset.leftOut.length + broken.length,
  };
}

/** `dataset.json`: what was read, in full. */
export function datasetReport(facts: TrainingFacts) {
  const { dataset, testData } = facts.data;
  return {
    schemaVersion: 1,
    ...dataRecord(facts),
    labels: dataset.labels,
    leftOut: [...dataset.leftOut, ...facts.broken],
    warnings: facts.warnings,
    ...(testData === undefined
      ? {}
      : {
          testChannel: {
            counts: countsById(testData, testData.images),
            hash: testData.hash,
            leftOut: testData.leftOut,
          },
        }),
  };
}

function provenanceOf(
  { config, hyperparameters, backbone, earlier }: TrainingFacts,
  learned: LearnedClassifier,
  stopped: boolean,
) {
  const { strength, iterations, converged } = learned.fitted;
  return {
    madeBy: 'a linear softmax classifier on the features of a frozen backbone',
    backbone: backbone.facts,
    hyperparameters,
    head: { strength, iterations, converged },
    ...(stopped ? { stopped: true } : {}),
    ...(earlier === undefined
      ? {}
      : { wentOnFrom: { name: earlier.name, version: earlier.version, created: earlier.created } }),
    codeVersion: config.codeVersion,
    ...(config.jobName === '' ? {} : { trainingJob: config.jobName }),
    node: process.version,
  };
}

function countsById({ labels }: Dataset, images: readonly DatasetImage[]): Readonly<Record<string, number>> {
  const counts = countsOf(images, labels.length);
  return Object.fromEntries(labels.map(({ id }, label) => [id, counts[label] ?? 0]));
}

/** For people. */
function rounded(figure: number): number {
  return Number(figure.toFixed(4));
}
