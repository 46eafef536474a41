// The linear head as ONNX: alone, on features; and appended to a backbone. Both are the same nodes, so that what was
// calibrated is what is served. Knows neither labels nor how the weights came about.
import { appendToGraph } from './append-to-graph';
import { floatTensor, graphNode, graphValue, intAttribute, intsAttribute, intTensor } from './graph-parts';
import {
  decodeOnnx,
  encodeOnnx,
  OnnxDataLocation,
  OnnxDataType,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from './onnx-protobuf';

/** What turns features `[n, d]` into `logits` `[n, k]` and, where prototypes are given, `out_of_set` `[n]`. */
export interface LinearHeadParts {
  readonly classes: number;
  /** d */
  readonly dimension: number;
  /** `[classes, dimension]`, a row per class. */
  readonly weights: Float32Array;
  /** `[classes]` */
  readonly bias: Float32Array;
  readonly prototypes?: Prototypes;
}

/**
 * Where the classes lie among the features, as one Gaussian per class with a shared diagonal covariance. `out_of_set` is the
 * squared Mahalanobis distance to the nearest class (Lee et al. 2018, arXiv 1807.03888) divided by the number of features:
 * about 1 for images like those it was trained on, more for others.
 */
export interface Prototypes {
  /** `[classes, dimension]` */
  readonly means: Float32Array;
  /** `[dimension]`, above 0. */
  readonly variance: Float32Array;
}

export const FEATURES = 'features';
export const LOGITS = 'logits';
export const OUT_OF_SET = 'out_of_set';
/** From this version of ONNX's operators on, ReduceMin takes its axes as an input. */
const OPSET_OF_AXES_AS_INPUT = 18;
const OPSET = 17;

/** The head alone: `features` float32 `[n, d]` -> `logits`, and `out_of_set` where prototypes are given. */
export async function linearHeadModel(head: LinearHeadParts): Promise<Uint8Array> {
  const { dimension } = head;
  return encodeOnnx({
    irVersion: 8,
    producerName: 'linear head',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: 'linear head',
      input: [graphValue(FEATURES, OnnxDataType.float32, ['n', dimension])],
      ...headParts(head, OPSET),
    },
  });
}

/** What a backbone's graph says of itself, as far as a head depends on it. */
export interface BackboneGraph {
  readonly opset: number;
  /** Number of features, where the graph declares it. */
  readonly dimension?: number;
}

/**
 * Reads whether a head can be put on a backbone. `output` is the name of its features, `[n, d]`. Throws a `RangeError` when it
 * gives no such features, has a head already, or keeps weights in another file.
 */
export async function inspectBackboneGraph(backbone: Uint8Array, output: string = FEATURES): Promise<BackboneGraph> {
  const { graph, opsetImport } = await decodeOnnx(backbone);
  const features = graph.output.find(({ name }) => name === output);
  if (features === undefined) throw new RangeError(`the backbone gives no output "${output}"`);
  const size = features.type.tensorType.shape.dim.map((dim) => ('dimValue' in dim ? dim.dimValue : undefined));
  if (size.length !== 2) {
    throw new RangeError(`the backbone's "${output}" have the shape [${size.join(', ')}], and the head takes [n, d]`);
  }
  if (graph.initializer.some(({ dataLocation }) => dataLocation === OnnxDataLocation.external)) {
    throw new RangeError('the backbone keeps weights in another file; save it as one file');
  }
  const opset = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx')?.version ?? OPSET;
  const taken = new Set([
    ...graph.node.flatMap(({ output: made }) => made),
    ...graph.initializer.map(({ name }) => name),
  ]);
  const clash = namesIn(headParts(EMPTY_HEAD, opset, output)).find((name) => taken.has(name));
  if (clash !== undefined) throw new RangeError(`the backbone has a value named "${clash}" already`);
  const [, dimension] = size;
  return { opset, ...(dimension === undefined ? {} : { dimension }) };
}

/**
 * Puts the head on a backbone whose features `[n, d]` are called `output`; everything that the backbone has stays as it is, byte by
 * byte. Features of another name become `features` too. Throws as `inspectBackboneGraph` does, and for another number of features.
 */
export async function appendLinearHead(
  backbone: Uint8Array,
  head: LinearHeadParts,
  output: string = FEATURES,
): Promise<Uint8Array> {
  const { opset, dimension = head.dimension } = await inspectBackboneGraph(backbone, output);
  if (dimension !== head.dimension) {
    throw new RangeError(
      `the backbone's "${output}" have the shape [n, ${dimension}], and the head takes [n, ${head.dimension}]`,
    );
  }
  return appendToGraph(backbone, headParts(head, opset, output));
}

/** Has all the parts that a head can have. */
const EMPTY_HEAD: LinearHeadParts = {
  classes: 0,
  dimension: 0,
  weights: new Float32Array(),
  bias: new Float32Array(),
  prototypes: { means: new Float32Array(), variance: new Float32Array() },
};

function namesIn({ node, initializer }: HeadParts): string[] {
  return [...node.flatMap(({ output }) => output), ...initializer.map(({ name }) => name)];
}

interface HeadParts {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly output: readonly OnnxValueInfo[];
}

/** `source`: what the features are called where the head is put. */
function headParts(head: LinearHeadParts, opset: number, source: string = FEATURES): HeadParts {
  const { classes, dimension, weights, bias, prototypes } = head;
  const distance = prototypes === undefined ? undefined : distanceParts(prototypes, classes, dimension, opset);
  const isRenamed = source !== FEATURES;
  return {
    node: [
      ...(isRenamed ? [graphNode('Identity', [source], FEATURES)] : []),
      graphNode('Gemm', [FEATURES, 'head_weights', 'head_bias'], LOGITS, [intAttribute('transB', 1)]),
      ...(distance?.node ?? []),
    ],
    initializer: [
      floatTensor('head_weights', [classes, dimension], weights),
      floatTensor('head_bias', [classes], bias),
      ...(distance?.initializer ?? []),
    ],
    output: [
      ...(isRenamed ? [graphValue(FEATURES, OnnxDataType.float32, ['n', dimension])] : []),
      graphValue(LOGITS, OnnxDataType.float32, ['n', classes]),
      ...(distance?.output ?? []),
    ],
  };
}

/**
 * Of z = (features - centre) / (deviation * sqrt(d)) and the class means m in the same units: |z|^2 - 2 z m + |m|^2, the
 * smallest over the classes. Centred first, because the difference of large numbers would cost float32 its digits.
 */
function distanceParts({ means, variance }: Prototypes, classes: number, dimension: number, opset: number): HeadParts {
  const centre = new Float32Array(dimension);
  means.forEach((mean, at) => (centre[at % dimension] = (centre[at % dimension] ?? 0) + mean / classes));
  const scale = variance.map((value) => 1 / Math.sqrt(value * dimension));
  const scaled = means.map((mean, at) => (mean - (centre[at % dimension] ?? 0)) * (scale[at % dimension] ?? 0));
  const squares = new Float32Array(classes);
  scaled.forEach((value, at) => {
    const index = Math.floor(at / dimension);
    squares[index] = (squares[index] ?? 0) + value * value;
  });
  const axesAreInput = opset >= OPSET_OF_AXES_AS_INPUT;
  const reduceMin = [intAttribute('keepdims', 0), ...(axesAreInput ? [] : [intsAttribute('axes', [1])])];
  return {
    node: [
      graphNode('Sub', [FEATURES, 'class_centre'], 'centred_features'),
      graphNode('Mul', ['centred_features', 'class_scale'], 'scaled_features'),
      graphNode('Mul', ['scaled_features', 'scaled_features'], 'squared_features'),
      graphNode('MatMul', ['squared_features', 'class_ones'], 'squared_length'),
      graphNode('Gemm', ['scaled_features', 'class_means', 'class_squares'], 'class_terms', [
        intAttribute('transB', 1),
      ]),
      graphNode('Add', ['class_terms', 'squared_length'], 'class_distances'),
      graphNode('ReduceMin', ['class_distances', ...(axesAreInput ? ['class_axis'] : [])], OUT_OF_SET, reduceMin),
    ],
    initializer: [
      floatTensor('class_centre', [dimension], centre),
      floatTensor('class_scale', [dimension], scale),
      floatTensor('class_ones', [dimension, 1], new Float32Array(dimension).fill(1)),
      floatTensor(
        'class_means',
        [classes, dimension],
        scaled.map((value) => -2 * value),
      ),
      floatTensor('class_squares', [classes], squares),
      ...(axesAreInput ? [intTensor('class_axis', [1], [1])] : []),
    ],
    output: [graphValue(OUT_OF_SET, OnnxDataType.float32, ['n'])],
  };
}
