import { DEFAULT_TOP_K } from '@app/contracts';
import {
  BaselineDescription,
  Heatmap,
  ModelAnswer,
  ModelDescription,
  ModelLabel,
  ModelPrediction,
} from '@app/contracts/sagemaker';
import { decodeForModel, imageTensor, observePixels } from '@app/imaging';
import { LinearHead, OutputTensor, RunResult } from '@app/onnx';
import { TraceContext } from '@app/platform';
import {
  DEFAULT_INPUT_NAME,
  DEFAULT_OUTPUT_NAME,
  FEATURE_MAP_OUTPUT,
  FEATURES_OUTPUT,
  ModelPackage,
  OUT_OF_SET_OUTPUT,
} from '../model-package/model-package';
import { classActivationMap } from './class-activation-map';
import { imageObservation } from './image-observation';
import { observeDecoding, observeRun } from './inference-telemetry';
import { energy, softmax, topIndices } from './probabilities';

export interface ClassifyOptions {
  /** Default 5. */
  readonly topK?: number;
  readonly heatmap?: boolean;
  /** Whether the answer should hold the numbers that monitoring compares. */
  readonly observe?: boolean;
  /** Aborted when nobody waits for the answer any more; what has not begun is dropped then. */
  readonly signal?: AbortSignal;
  /** Where the spans of this image hang; without it there are none. */
  readonly trace?: TraceContext;
}

export interface ClassifyResult {
  readonly answer: ModelAnswer;
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferMs: number;
}

/** Classifies images with one model package: decode, run, calibrate, choose, explain. Knows no HTTP. */
export class Classifier {
  readonly description: ModelDescription;
  readonly baseline: BaselineDescription;
  private readonly inputName: string;
  private readonly outputName: string;
  /** Whether the graph itself tells how unlike its training data an image is. */
  private readonly tellsOutOfSet: boolean;
  private readonly givesFeatures: boolean;

  constructor(private readonly modelPackage: ModelPackage) {
    const { schemaVersion, output, baseline, ...description } = modelPackage.manifest;
    this.description = { ...description, explains: modelPackage.head !== undefined };
    this.baseline = { model: this.model, baseline: baseline ?? null };
    this.inputName = description.input.name ?? DEFAULT_INPUT_NAME;
    this.outputName = output?.name ?? DEFAULT_OUTPUT_NAME;
    const gives = (output: string) =>
      modelPackage.pool.outputs.some(({ name, type }) => name === output && type === 'float32');
    this.tellsOutOfSet = gives(OUT_OF_SET_OUTPUT);
    this.givesFeatures = gives(FEATURES_OUTPUT);
  }

  /** Throws what `decodeForModel` and `SessionPool.run` throw, and the signal's reason. */
  async classify(bytes: Buffer, options: ClassifyOptions = {}): Promise<ClassifyResult> {
    const { topK = DEFAULT_TOP_K, heatmap = false, observe = false, signal, trace } = options;
    const { manifest, pool, head } = this.modelPackage;
    const explainedBy = heatmap ? head : undefined;

    signal?.throwIfAborted();
    const startedAt = performance.now();
    const image = await observeDecoding(trace, () => decodeForModel(bytes, manifest.input));
    const decodeMs = performance.now() - startedAt;
    // Before the run, which takes the pixels away.
    const observed = observe ? observePixels(image.pixels, image.width, image.height) : undefined;

    const run = {
      feeds: { [this.inputName]: imageTensor(image.pixels, manifest.input) },
      outputs: [
        this.outputName,
        ...(this.tellsOutOfSet ? [OUT_OF_SET_OUTPUT] : []),
        ...(explainedBy === undefined ? [] : [FEATURE_MAP_OUTPUT]),
        ...(observe && this.givesFeatures ? [FEATURES_OUTPUT] : []),
      ],
      ...(signal === undefined ? {} : { signal }),
    };
    const { outputs, queueMs, runMs } = await observeRun(trace, () => pool.run(run));
    const scores = outputOf(outputs, this.outputName).data;
    const probabilities = this.givesLogits ? softmax(scores, manifest.temperature) : scores;
    const best = topIndices(probabilities, topK);

    const answer: ModelAnswer = {
      model: this.model,
      predictions: best.map((index) => this.prediction(index, probabilities)),
      thresholds: manifest.thresholds,
      ...this.outOfSetScore(outputs, scores),
      ...(explainedBy === undefined
        ? {}
        : { heatmap: this.heatmap(outputOf(outputs, FEATURE_MAP_OUTPUT), explainedBy, best[0] ?? 0, image.region) }),
      ...(observed === undefined ? {} : { observation: imageObservation(observed, outputs[FEATURES_OUTPUT]) }),
    };
    return { answer, decodeMs, queueMs, inferMs: runMs };
  }

  private outOfSetScore(outputs: RunResult['outputs'], scores: Float32Array): Pick<ModelAnswer, 'outOfSetScore'> {
    if (this.tellsOutOfSet) return { outOfSetScore: rounded(outputOf(outputs, OUT_OF_SET_OUTPUT).data[0] ?? NaN) };
    return this.givesLogits ? { outOfSetScore: rounded(energy(scores, this.modelPackage.manifest.temperature)) } : {};
  }

  private get model(): ModelAnswer['model'] {
    const { name, version } = this.modelPackage.manifest;
    return { name, version };
  }

  private get givesLogits(): boolean {
    return this.modelPackage.manifest.output?.kind !== 'probabilities';
  }

  private prediction(index: number, probabilities: Float32Array): ModelPrediction {
    const { id, name, description } = this.label(index);
    return {
      label: id,
      name,
      ...(description === undefined ? {} : { description }),
      score: rounded(probabilities[index] ?? 0),
    };
  }

  private heatmap(featureMap: OutputTensor, head: LinearHead, index: number, region: Heatmap['region']): Heatmap {
    return { label: this.label(index).id, ...classActivationMap(featureMap, head, index), region };
  }

  private label(index: number): ModelLabel {
    const label = this.modelPackage.manifest.labels[index];
    if (label === undefined) throw new RangeError(`the model has no label ${index}`);
    return label;
  }
}

function outputOf(outputs: RunResult['outputs'], name: string): OutputTensor {
  const output = outputs[name];
  if (output === undefined) throw new Error(`the graph gave no ${name}`);
  return output;
}

/** Six decimals are more than a float32 softmax is worth, and half the bytes. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
