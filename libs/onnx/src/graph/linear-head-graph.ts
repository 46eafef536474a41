// The linear head as ONNX: alone, on features; and appended to a backbone. Both are the same nodes, so that what was
// calibrated is what is served. Knows neither labels nor how the weights came about.
import { appendToGraph } from './append-to-graph';
import { floatTensor, graphNode, graphValue, intAttribute, intsAttribute, intTensor } from './graph-parts';
import { decodeOnnx, encodeOnnx, OnnxDataType, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx-protobuf';

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

/**
 * Puts the head on a backbone that gives `features` `[n, d]`; everything that the backbone has stays as it is, byte by byte.
 * Throws a `RangeError` when the backbone gives no such features or has a head already.
 */
export async function appendLinearHead(backbone: Uint8Array, head: LinearHeadParts): Promise<Uint8Array> {
  const { graph, opsetImport } = await decodeOnnx(backbone);
  const features = graph.output.find(({ name }) => name === FEATURES);
  if (features === undefined) throw new RangeError(`the backbone gives no output "${FEATURES}"`);
  const size = features.type.tensorType.shape.dim.map((dim) => ('dimValue' in dim ? dim.dimValue : undefined));
  if (size.length !== 2 || (size[1] !== undefined && size[1] !== head.dimension)) {
    throw new RangeError(
      `the backbone's "${FEATURES}" have the shape [${size.join(', ')}], and the head takes [n, ${head.dimension}]`,
    );
  }
  const opset = opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx')?.version ?? OPSET;
  const parts = headParts(head, opset);
  const taken = new Set([...graph.node.flatMap(({ output }) => output), ...graph.initializer.map(({ name }) => name)]);
  const clash = [...parts.node.flatMap(({ output }) => output), ...parts.initializer.map(({ name }) => name)].find(
    (name) => taken.has(name),
  );
  if (clash !== undefined) throw new RangeError(`the backbone has a value named "${clash}" already`);
  return appendToGraph(backbone, parts);
}

interface HeadParts {
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly output: readonly OnnxValueInfo[];
}

function headParts({ classes, dimension, weights, bias, prototypes }: LinearHeadParts, opset: number): HeadParts {
  const distance = prototypes === undefined ? undefined : distanceParts(prototypes, classes, dimension, opset);
  return {
    node: [
      graphNode('Gemm', [FEATURES, 'head_weights', 'head_bias'], LOGITS, [intAttribute('transB', 1)]),
      ...(distance?.node ?? []),
    ],
    initializer: [
      floatTensor('head_weights', [classes, dimension], weights),
      floatTensor('head_bias', [classes], bias),
      ...(distance?.initializer ?? []),
    ],
    output: [graphValue(LOGITS, OnnxDataType.float32, ['n', classes]), ...(distance?.output ?? [])],
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
