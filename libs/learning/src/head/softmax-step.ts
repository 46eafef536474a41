// Loss and gradient of a softmax head, computed natively: one step is a small ONNX graph that the worker threads run. The
// features lie in a file that the graph names as a constant, so ONNX Runtime maps it into memory once for all workers; only
// weights and row numbers travel. Knows neither penalties nor how the weights are moved.
import {
  availableCpus,
  createSessionPool,
  encodeOnnx,
  floatTensor,
  graphNode,
  graphValue,
  intAttribute,
  intTensor,
  OnnxDataLocation,
  OnnxDataType,
  RunResult,
  SessionPool,
} from '@app/onnx';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, FeatureSet } from '../feature-set';
import { Head } from './linear-head';

export interface SoftmaxStepOptions {
  readonly classes: number;
  /** `[classes]`: how much a row of each class counts. Default 1. */
  readonly classWeights?: readonly number[];
  /** Threads. Default: the CPUs that this process has. */
  readonly workers?: number;
  /** Where the features are put meanwhile, 4 bytes each. Default: the system's temporary folder. */
  readonly folder?: string;
}

/** Sums over the rows that were asked for, each weighed by its class. */
export interface StepResult {
  /** Cross-entropy in nats. */
  readonly loss: number;
  /** Rows whose class has the largest logit; not weighed. */
  readonly hits: number;
  /** By the parameters: `[classes, dimension]` weights, then `[classes]` biases. */
  readonly gradient: Float64Array;
}

/** Row numbers travel as float32, which counts exactly up to here. */
const MAX_ROWS = 2 ** 24;
/** Rows that one run takes: enough to keep the matrix kernels busy, few enough to bound memory and to share the work. */
const BLOCK_ROWS = { least: 1024, most: 4096, blocks: 16 };
const ROWS_PER_WRITE = 4096;
const STEP_OUTPUTS = ['losses', 'hits', 'weight_gradient', 'bias_gradient'];
const FEATURES_FILE = 'features.f32';

/**
 * The features of a training set, centred and divided by one common scale, ready for steps. One scale rather than one per
 * feature: on the photos it was tried on that generalised better, and features that never vary cannot blow up.
 * Parameters are those of a head for these scaled features; `toHead` and `toParameters` translate.
 */
export class SoftmaxStep {
  private constructor(
    private readonly pool: SessionPool,
    private readonly folder: string,
    readonly classes: number,
    readonly dimension: number,
    private readonly centre: Float64Array,
    private readonly scale: number,
  ) {}

  static async open(set: FeatureSet, options: SoftmaxStepOptions): Promise<SoftmaxStep> {
    if (countOf(set) === 0 || countOf(set) > MAX_ROWS) {
      throw new RangeError(`training takes 1 to ${MAX_ROWS} images and views, not ${countOf(set)}`);
    }
    if (set.labels.some((label) => label >= options.classes)) {
      throw new RangeError(`a label is not among the ${options.classes} classes`);
    }
    const folder = await mkdtemp(join(options.folder ?? tmpdir(), 'head-training-'));
    try {
      const { centre, scale } = centreAndScale(set);
      await writeScaled(join(folder, FEATURES_FILE), set, centre, scale);
      const modelPath = join(folder, 'step.onnx');
      await writeFile(modelPath, await stepGraph(set, options));
      const workers = options.workers ?? availableCpus();
      const pool = await createSessionPool({ modelPath, workers, maxQueue: MAX_ROWS });
      return new SoftmaxStep(pool, folder, options.classes, set.dimension, centre, scale);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Loss and gradient over these rows. The blocks' sums are added in their order, so that the number of workers changes nothing. */
  async run(parameters: Float64Array, rows: Uint32Array): Promise<StepResult> {
    const gradient = new Float64Array(parameters.length);
    let loss = 0;
    let hits = 0;
    for (const outputs of await this.runBlocks(parameters, rows, STEP_OUTPUTS)) {
      loss += sumOf(outputs['losses']?.data);
      hits += sumOf(outputs['hits']?.data);
      addTo(gradient, outputs['weight_gradient']?.data, 0);
      addTo(gradient, outputs['bias_gradient']?.data, this.classes * this.dimension);
    }
    return { loss, hits, gradient };
  }

  /** `[rows, classes]` */
  async logits(parameters: Float64Array, rows: Uint32Array): Promise<Float32Array> {
    const blocks = await this.runBlocks(parameters, rows, ['logits']);
    return Float32Array.from(blocks.flatMap(({ logits }) => Array.from(logits?.data ?? [])));
  }

  private async runBlocks(
    parameters: Float64Array,
    rows: Uint32Array,
    wanted: readonly string[],
  ): Promise<RunResult['outputs'][]> {
    const single = Float32Array.from(parameters);
    const weightCount = this.classes * this.dimension;
    const blockRows = Math.min(BLOCK_ROWS.most, Math.max(BLOCK_ROWS.least, Math.ceil(rows.length / BLOCK_ROWS.blocks)));
    const runs = Array.from({ length: Math.ceil(rows.length / blockRows) }, async (_, index) => {
      const block = Float32Array.from(rows.subarray(index * blockRows, (index + 1) * blockRows));
      const { outputs } = await this.pool.run({
        feeds: {
          // Parts of a larger array are copied on their way, so the next block still finds them.
          weights: { type: 'float32', dims: [this.classes, this.dimension], data: single.subarray(0, weightCount) },
          bias: { type: 'float32', dims: [this.classes], data: single.subarray(weightCount) },
          rows: { type: 'float32', dims: [block.length], data: block },
        },
        outputs: wanted,
      });
      return outputs;
    });
    return Promise.all(runs);
  }

  toHead(parameters: Float64Array): Head {
    const { classes, dimension, scale, centre } = this;
    const weights = Float32Array.from(parameters.subarray(0, classes * dimension), (weight) => weight / scale);
    const bias = Float32Array.from(parameters.subarray(classes * dimension), (value, index) => {
      let shift = 0;
      for (let at = 0; at < dimension; at += 1) shift += (weights[index * dimension + at] ?? 0) * (centre[at] ?? 0);
      return value - shift;
    });
    return { classes, dimension, weights, bias };
  }

  /** The other way round; zeros without a head. */
  toParameters(head?: Head): Float64Array {
    const { classes, dimension, scale, centre } = this;
    const parameters = new Float64Array(classes * (dimension + 1));
    if (head === undefined) return parameters;
    if (head.classes !== classes || head.dimension !== dimension) {
      throw new RangeError(
        `a head of ${head.classes} x ${head.dimension} cannot begin one of ${classes} x ${dimension}`,
      );
    }
    for (let index = 0; index < classes; index += 1) {
      let shift = head.bias[index] ?? 0;
      for (let at = 0; at < dimension; at += 1) {
        const weight = head.weights[index * dimension + at] ?? 0;
        parameters[index * dimension + at] = weight * scale;
        shift += weight * (centre[at] ?? 0);
      }
      parameters[classes * dimension + index] = shift;
    }
    return parameters;
  }
}

function centreAndScale({ features, dimension }: FeatureSet): { centre: Float64Array; scale: number } {
  const rows = features.length / dimension;
  const centre = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (let start = 0; start < features.length; start += dimension) {
    for (let at = 0; at < dimension; at += 1) {
      const value = features[start + at] ?? 0;
      centre[at] = (centre[at] ?? 0) + value / rows;
      squares[at] = (squares[at] ?? 0) + (value * value) / rows;
    }
  }
  const variance = squares.reduce((sum, square, at) => sum + square - (centre[at] ?? 0) ** 2, 0) / dimension;
  return { centre, scale: variance > 0 ? Math.sqrt(variance) : 1 };
}

async function writeScaled(
  path: string,
  { features, dimension }: FeatureSet,
  centre: Float64Array,
  scale: number,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let start = 0; start < features.length; start += ROWS_PER_WRITE * dimension) {
      const block = features.slice(start, start + ROWS_PER_WRITE * dimension);
      for (let at = 0; at < block.length; at += 1) {
        block[at] = ((block[at] ?? 0) - (centre[at % dimension] ?? 0)) / scale;
      }
      await file.writeFile(new Uint8Array(block.buffer));
    }
  } finally {
    await file.close();
  }
}

/** Of x = features[rows], p = softmax(x W^T + b), y = one-hot labels, c = class weights: -c log p[y], c (p - y)^T x, sum of c (p - y). */
function stepGraph(set: FeatureSet, { classes, classWeights }: SoftmaxStepOptions): Promise<Uint8Array> {
  const rows = countOf(set);
  const { float32, int64 } = OnnxDataType;
  const bytes = set.features.length * Float32Array.BYTES_PER_ELEMENT;
  return encodeOnnx({
    irVersion: 8,
    producerName: 'head training',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'softmax step',
      input: [
        graphValue('weights', float32, [classes, set.dimension]),
        graphValue('bias', float32, [classes]),
        graphValue('rows', float32, ['m']),
      ],
      initializer: [
        {
          name: 'features',
          dims: [rows, set.dimension],
          dataType: float32,
          dataLocation: OnnxDataLocation.external,
          externalData: [
            { key: 'location', value: FEATURES_FILE },
            { key: 'offset', value: '0' },
            { key: 'length', value: `${bytes}` },
          ],
        },
        intTensor('labels', [rows], set.labels),
        floatTensor('class_weights', [classes], classWeights ?? new Float32Array(classes).fill(1)),
        intTensor('classes', [], [classes]),
        floatTensor('off_and_on', [2], [0, 1]),
        intTensor('rows_axis', [1], [0]),
        intTensor('columns_axis', [1], [1]),
      ],
      node: [
        graphNode('Cast', ['rows'], 'indices', [intAttribute('to', int64)]),
        graphNode('Gather', ['features', 'indices'], 'x'),
        graphNode('Gather', ['labels', 'indices'], 'label'),
        graphNode('Gather', ['class_weights', 'label'], 'importance'),
        graphNode('Unsqueeze', ['importance', 'columns_axis'], 'importance_column'),
        graphNode('Gemm', ['x', 'weights', 'bias'], 'logits', [intAttribute('transB', 1)]),
        graphNode('LogSoftmax', ['logits'], 'log_p', [intAttribute('axis', 1)]),
        graphNode('Exp', ['log_p'], 'p'),
        graphNode('OneHot', ['label', 'classes', 'off_and_on'], 'y'),
        graphNode('Sub', ['p', 'y'], 'error'),
        graphNode('Mul', ['error', 'importance_column'], 'residual'),
        graphNode('Gemm', ['residual', 'x'], 'weight_gradient', [intAttribute('transA', 1)]),
        graphNode('ReduceSum', ['residual', 'rows_axis'], 'bias_gradient', [intAttribute('keepdims', 0)]),
        graphNode('Unsqueeze', ['label', 'columns_axis'], 'label_column'),
        graphNode('GatherElements', ['log_p', 'label_column'], 'own_log_p', [intAttribute('axis', 1)]),
        graphNode('Mul', ['own_log_p', 'importance_column'], 'negative_losses'),
        graphNode('Neg', ['negative_losses'], 'losses'),
        graphNode('ArgMax', ['logits'], 'best', [intAttribute('axis', 1), intAttribute('keepdims', 0)]),
        graphNode('Equal', ['best', 'label'], 'is_hit'),
        graphNode('Cast', ['is_hit'], 'hits', [intAttribute('to', float32)]),
      ],
      output: [
        graphValue('logits', float32, ['m', classes]),
        graphValue('losses', float32, ['m', 1]),
        graphValue('hits', float32, ['m']),
        graphValue('weight_gradient', float32, [classes, set.dimension]),
        graphValue('bias_gradient', float32, [classes]),
      ],
    },
  });
}

function sumOf(values: Float32Array = new Float32Array()): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function addTo(target: Float64Array, values: Float32Array = new Float32Array(), offset: number): void {
  for (let at = 0; at < values.length; at += 1) target[offset + at] = (target[offset + at] ?? 0) + (values[at] ?? 0);
}
