import { writeFile } from 'node:fs/promises';
import {
  encodeOnnx,
  floatTensor as floats,
  graphNode as node,
  graphValue as value,
  intAttribute as int,
  intsAttribute as ints,
  OnnxDataType,
  OnnxNode,
} from '../graph';

/** The labels of the colour classifier, in the order of its logits. */
export const COLOURS = ['red', 'green', 'blue'] as const;

export interface ColourClassifierOptions {
  /** `uint8` (default) takes `[n, h, w, 3]` of 0 to 255, `float32` takes `[n, 3, h, w]`; both name it `image`. */
  readonly input?: 'uint8' | 'float32';
  /** Height and width when they are fixed; by default they are free. */
  readonly size?: number;
  /** Default free. */
  readonly batch?: number;
  /** `probabilities` adds a softmax and names the output so. Default `logits`. */
  readonly output?: 'logits' | 'probabilities';
  /** Gives out `features` and `feature_map` too. Default true. */
  readonly explains?: boolean;
  /** Gives out `out_of_set` [n] too: how far the features are from 1 on average, 0 for white to 1 for black. Default false. */
  readonly outOfSet?: boolean;
  /** Multiplications of 512 x 512 matrices that each run has to do besides, about 10 ms each: makes runs slow on purpose. */
  readonly busyWork?: number;
}

/** A cell of the feature map is the mean of so many pixels across and down. */
export const COLOUR_CELL_PIXELS = 8;
/** Logit of a colour that fills the image. */
export const COLOUR_GAIN = 8;

/**
 * Writes a real, tiny classifier that says which of red, green and blue is strongest, laid out as packages are:
 * `image` -> `feature_map` [n, 3, h/8, w/8] (channels, 0 to 1) -> `features` [n, 3] (their means) -> linear head -> `logits` [n, 3].
 */
export async function writeColourClassifier(path: string, options: ColourClassifierOptions = {}): Promise<void> {
  const { input = 'uint8', output = 'logits', explains = true, outOfSet = false, busyWork = 0 } = options;
  const batch = options.batch ?? 'n';
  const [height, width] = options.size === undefined ? ['h', 'w'] : [options.size, options.size];
  const cells = [int('ceil_mode', 0), ints('kernel_shape', [COLOUR_CELL_PIXELS, COLOUR_CELL_PIXELS])];
  const mapBeforeWork = busyWork > 0 ? 'quick_map' : 'feature_map';

  const nodes: OnnxNode[] = [
    ...(input === 'uint8'
      ? [
          node('Cast', ['image'], 'float_image', [int('to', OnnxDataType.float32)]),
          node('Transpose', ['float_image'], 'channels_first', [ints('perm', [0, 3, 1, 2])]),
          node('Div', ['channels_first', 'white'], 'shares'),
        ]
      : [node('Identity', ['image'], 'shares')]),
    node('AveragePool', ['shares'], mapBeforeWork, [
      ...cells,
      ints('strides', [COLOUR_CELL_PIXELS, COLOUR_CELL_PIXELS]),
    ]),
    ...(busyWork > 0 ? busyNodes(mapBeforeWork, 'feature_map', busyWork) : []),
    node('ReduceMean', ['feature_map'], 'features', [ints('axes', [2, 3]), int('keepdims', 0)]),
    ...(outOfSet
      ? [
          node('ReduceMean', ['features'], 'brightness', [ints('axes', [1]), int('keepdims', 0)]),
          node('Sub', ['one', 'brightness'], 'out_of_set'),
        ]
      : []),
    node('Gemm', ['features', 'head_weights', 'head_bias'], 'logits', [int('transB', 1)]),
    ...(output === 'probabilities' ? [node('Softmax', ['logits'], 'probabilities', [int('axis', 1)])] : []),
  ];
  const gain = COLOUR_GAIN;
  const initializer = [
    floats('white', [], [255]),
    floats('head_weights', [3, 3], [gain, 0, 0, 0, gain, 0, 0, 0, gain]),
    floats('head_bias', [3], [0, 0, 0]),
    ...(outOfSet ? [floats('one', [], [1])] : []),
    ...(busyWork > 0 ? [floats('busy_matrix', [512, 512], new Array<number>(512 * 512).fill(0))] : []),
  ];
  const image =
    input === 'uint8'
      ? value('image', OnnxDataType.uint8, [batch, height, width, 3])
      : value('image', OnnxDataType.float32, [batch, 3, height, width]);
  const outputs = [
    value(output, OnnxDataType.float32, [batch, COLOURS.length]),
    ...(outOfSet ? [value('out_of_set', OnnxDataType.float32, [batch])] : []),
    ...(explains
      ? [
          value('features', OnnxDataType.float32, [batch, 3]),
          value('feature_map', OnnxDataType.float32, [batch, 3, 'fh', 'fw']),
        ]
      : []),
  ];
  const bytes = await encodeOnnx({
    irVersion: 8,
    producerName: 'colour classifier for tests',
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'colours', node: nodes, initializer, input: [image], output: outputs },
  });
  await writeFile(path, bytes);
}

/** A chain of multiplications whose result is added as 0, so that nothing changes and nothing can be optimised away. */
function busyNodes(from: string, to: string, count: number): OnnxNode[] {
  return [
    node('ReduceMean', [from], 'busy_seed', [int('keepdims', 0)]),
    node('Add', ['busy_matrix', 'busy_seed'], 'busy_0'),
    ...Array.from({ length: count }, (_, index) =>
      node('MatMul', [`busy_${index}`, 'busy_matrix'], `busy_${index + 1}`),
    ),
    node('ReduceMean', [`busy_${count}`], 'busy_sum', [int('keepdims', 0)]),
    node('Add', [from, 'busy_sum'], to),
  ];
}
