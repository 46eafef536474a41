import { encodeOnnx, graphNode, graphValue, intAttribute, intsAttribute, OnnxDataType } from '@app/onnx';
import { writeFile } from 'node:fs/promises';

/** A cell is the mean of so many pixels across and down. */
export const CELL_PIXELS = 8;

export interface CellsBackboneOptions {
  /** `uint8` (default) takes `[n, h, w, 3]`, `float32` takes `[n, 3, h, w]`; both name it `image`. */
  readonly input?: 'uint8' | 'float32';
  /** Name of the output; default `features`. */
  readonly output?: string;
  /** Height and width when they are fixed; by default they are free. */
  readonly size?: number;
  /** Divides all features by it. */
  readonly divisor?: number;
}

/** Writes a real, tiny backbone: its features are the cells of the image, channel by channel, row by row; `[n, 3 * h/8 * w/8]`. */
export async function writeCellsBackbone(path: string, options: CellsBackboneOptions = {}): Promise<void> {
  const { input = 'uint8', output = 'features', divisor = 1 } = options;
  const sides = options.size === undefined ? ['h', 'w'] : [options.size, options.size];
  const cell = [CELL_PIXELS, CELL_PIXELS];
  const isUint8 = input === 'uint8';
  const bytes = await encodeOnnx({
    irVersion: 8,
    producerName: 'cells backbone for tests',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'cells',
      node: [
        ...(isUint8
          ? [
              graphNode('Cast', ['image'], 'float_image', [intAttribute('to', OnnxDataType.float32)]),
              graphNode('Transpose', ['float_image'], 'channels_first', [intsAttribute('perm', [0, 3, 1, 2])]),
            ]
          : [graphNode('Identity', ['image'], 'channels_first')]),
        graphNode('AveragePool', ['channels_first'], 'cells', [
          intsAttribute('kernel_shape', cell),
          intsAttribute('strides', cell),
        ]),
        graphNode('Flatten', ['cells'], 'row', [intAttribute('axis', 1)]),
        graphNode('Div', ['row', 'divisor'], output),
      ],
      initializer: [
        {
          name: 'divisor',
          dims: [],
          dataType: OnnxDataType.float32,
          rawData: new Uint8Array(Float32Array.of(divisor).buffer),
        },
      ],
      input: [
        isUint8
          ? graphValue('image', OnnxDataType.uint8, ['n', ...sides, 3])
          : graphValue('image', OnnxDataType.float32, ['n', 3, ...sides]),
      ],
      output: [graphValue(output, OnnxDataType.float32, ['n', 'd'])],
    },
  });
  await writeFile(path, bytes);
}
