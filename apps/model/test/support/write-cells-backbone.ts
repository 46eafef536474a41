import { encodeOnnx, graphNode, graphValue, intAttribute, intsAttribute, OnnxDataType } from '@app/onnx';
import { writeFile } from 'node:fs/promises';

const CELL_PIXELS = 16;

/**
 * Writes a real, tiny backbone: its features are the mean colours of the image's cells of 16 x 16 pixels, from 0 to 255. They are
 * called `output`. `busyWork`: how often the image is blurred before, to make it slow (about 10 microseconds each at 32 x 32).
 */
export async function writeCellsBackbone(path: string, output: string, busyWork = 0): Promise<void> {
  const cell = [CELL_PIXELS, CELL_PIXELS];
  const blurs = Array.from({ length: busyWork }, (_, index) =>
    graphNode('AveragePool', [`blurred_${index}`], `blurred_${index + 1}`, [
      intsAttribute('kernel_shape', [3, 3]),
      intsAttribute('pads', [1, 1, 1, 1]),
    ]),
  );
  const bytes = await encodeOnnx({
    irVersion: 8,
    producerName: 'cells backbone for tests',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'cells',
      node: [
        graphNode('Cast', ['image'], 'numbers', [intAttribute('to', OnnxDataType.float32)]),
        graphNode('Transpose', ['numbers'], 'blurred_0', [intsAttribute('perm', [0, 3, 1, 2])]),
        ...blurs,
        graphNode('AveragePool', [`blurred_${busyWork}`], 'means', [
          intsAttribute('kernel_shape', cell),
          intsAttribute('strides', cell),
        ]),
        graphNode('Flatten', ['means'], output, [intAttribute('axis', 1)]),
      ],
      initializer: [],
      input: [graphValue('image', OnnxDataType.uint8, ['n', 'h', 'w', 3])],
      output: [graphValue(output, OnnxDataType.float32, ['n', 'd'])],
    },
  });
  await writeFile(path, bytes);
}
