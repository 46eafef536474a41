import { DEFAULT_TOP_K } from '@app/contracts';
import { Heatmap, ModelAnswer, ModelDescription, ModelLabel, ModelPrediction } from '@app/contracts/sagemaker';
import { decodeForModel, imageTensor } from '@app/imaging';
import { LinearHead, OutputTensor, RunResult } from '@app/onnx';
import {
  DEFAULT_INPUT_NAME,
  DEFAULT_OUTPUT_NAME,
  FEATURE_MAP_OUTPUT,
  ModelPackage,
  OUT_OF_SET_OUTPUT,
} from '../model-package/model-package';
import { classActivationMap } from './class-activation-map';
import { energy, softmax, topIndices } from './probabilities';

export interface ClassifyOptions {
  /** Default 5. */
  readonly topK?: number;
  readonly heatmap?: boolean;
  /** Aborted when nobody waits for the answer any more; what has not begun is dropped then. */
  readonly signal?: AbortSignal;
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
  private readonly inputName: string;
  private readonly outputName: string;
  /** Whether the graph itself tells how unlike its training data an image is. */
  private readonly tellsOutOfSet: boolean;

  constructor(private readonly modelPackage: ModelPackage) {
    const { schemaVersion, output, ...description } = modelPackage.manifest;
    this.description = { ...description, explains: modelPackage.head !== undefined };
    this.inputName = description.input.name ?? DEFAULT_INPUT_NAME;
    this.outputName = output?.name ?? DEFAULT_OUTPUT_NAME;
    this.tellsOutOfSet = modelPackage.pool.outputs.some(
      ({ name, type }) => name === OUT_OF_SET_OUTPUT && type === 'float32',
    );
  }

  /** Throws what `decodeForModel` and `SessionPool.run` throw, and the signal's reason. */
  async classify(bytes: Buffer, options: ClassifyOptions = {}): Promise<ClassifyResult> {
    const { topK = DEFAULT_TOP_K, heatmap = false, signal } = options;
    const { manifest, pool, head } = this.modelPackage;
    const explainedBy = heatmap ? head : undefined;

    signal?.throwIfAborted();
    const startedAt = performance.now();
    const image = await decodeForModel(bytes, manifest.input);
    const decodeMs = performance.now() - startedAt;

    const { outputs, queueMs, runMs } = await pool.run({
      feeds: { [this.inputName]: imageTensor(image.pixels, manifest.input) },
      outputs: [
        this.outputName,
        ...(this.tellsOutOfSet ? [OUT_OF_SET_OUTPUT] : []),
        ...(explainedBy === undefined ? [] : [FEATURE_MAP_OUTPUT]),
      ],
      ...(signal === undefined ? {} : { signal }),
    });
    const scores = outputOf(outputs, this.outputName).data;
    const probabilities = this.givesLogits ? softmax(scores, manifest.temperature) : scores;
    const best = topIndices(probabilities, topK);

    const answer: ModelAnswer = {
      model: { name: manifest.name, version: manifest.version },
      predictions: best.map((index) => this.prediction(index, probabilities)),
      thresholds: manifest.thresholds,
      ...this.outOfSetScore(outputs, scores),
      ...(explainedBy === undefined
        ? {}
        : { heatmap: this.heatmap(outputOf(outputs, FEATURE_MAP_OUTPUT), explainedBy, best[0] ?? 0, image.region) }),
    };
    return { answer, decodeMs, queueMs, inferMs: runMs };
  }

  private outOfSetScore(outputs: RunResult['outputs'], scores: Float32Array): Pick<ModelAnswer, 'outOfSetScore'> {
    if (this.tellsOutOfSet) return { outOfSetScore: rounded(outputOf(outputs, OUT_OF_SET_OUTPUT).data[0] ?? NaN) };
    return this.givesLogits ? { outOfSetScore: rounded(energy(scores, this.modelPackage.manifest.temperature)) } : {};
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
