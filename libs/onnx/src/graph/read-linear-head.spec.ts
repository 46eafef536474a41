import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COLOUR_GAIN, writeColourClassifier } from '../testing';
import { floatTensor } from './graph-parts';
import { encodeOnnx, OnnxAttribute, OnnxNode } from './onnx-protobuf';
import { readLinearHead } from './read-linear-head';

const EVERYDAY_OBJECTS = ['models/everyday-objects/model.onnx', '../shared/models/everyday-objects.onnx']
  .map((path) => resolve(path))
  .find((path) => existsSync(path));

describe('readLinearHead', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'linear-head-'));
    path = join(folder, 'model.onnx');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A file with a weight matrix `[[1, 2, 3], [4, 5, 6]]` and these nodes. */
  async function write(...node: OnnxNode[]): Promise<void> {
    const weights = floatTensor('weights', [2, 3], [1, 2, 3, 4, 5, 6]);
    const bias = floatTensor('bias', [3], [7, 8, 9]);
    const graph = { name: 'g', node, initializer: [weights, bias], input: [], output: [] };
    await writeFile(path, await encodeOnnx({ irVersion: 8, producerName: 'test', opsetImport: [], graph }));
  }
  const node = (opType: string, input: string[], output: string, attribute: OnnxAttribute[] = []): OnnxNode => ({
    opType,
    input,
    output: [output],
    attribute,
  });

  const gemmWithBias = node('Gemm', ['features', 'weights', 'bias'], 'logits', [{ name: 'beta', type: 1, f: 2 }]);

  it('reads the head of a whole model', async () => {
    await writeColourClassifier(path);

    expect(await readLinearHead(path, 'logits')).toEqual({
      input: 'features',
      classes: 3,
      features: 3,
      weights: Float32Array.of(COLOUR_GAIN, 0, 0, 0, COLOUR_GAIN, 0, 0, 0, COLOUR_GAIN),
      bias: new Float32Array(3),
    });
  });

  it('reads Gemm with a row per class, scaled by alpha', async () => {
    const attributes = [
      { name: 'transB', type: 2, i: 1 },
      { name: 'alpha', type: 1, f: 0.5 },
    ];
    await write(node('Gemm', ['features', 'weights', 'bias'], 'logits', attributes));

    const head = await readLinearHead(path, 'logits');

    expect(head).toMatchObject({ input: 'features', classes: 2, features: 3 });
    expect([...(head?.weights ?? [])]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
  });

  it.each([
    ['Gemm', [node('Gemm', ['features', 'weights'], 'logits')], [0, 0, 0]],
    ['Gemm with bias', [gemmWithBias], [14, 16, 18]],
    ['MatMul', [node('MatMul', ['features', 'weights'], 'logits')], [0, 0, 0]],
    ['MatMul and Add', [node('MatMul', ['features', 'weights'], 'm'), node('Add', ['bias', 'm'], 'logits')], [7, 8, 9]],
  ])('reads %s with a column per class', async (_, nodes, bias) => {
    await write(...nodes);

    const head = await readLinearHead(path, 'logits');

    expect(head).toMatchObject({ input: 'features', classes: 3, features: 2 });
    expect([...(head?.weights ?? [])]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(head?.bias ?? [])]).toEqual(bias);
  });

  it.each([
    ['another operator makes the output', [node('Softmax', ['x'], 'logits')]],
    ['the weights are computed', [node('Gemm', ['features', 'computed'], 'logits')]],
    ['nothing makes the output', [node('Gemm', ['features', 'weights'], 'other')]],
  ])('gives nothing when %s', async (_, nodes) => {
    await write(...nodes);

    expect(await readLinearHead(path, 'logits')).toBeUndefined();
  });

  it('refuses bytes that are no ONNX', async () => {
    await writeFile(path, 'this is not a model');

    await expect(readLinearHead(path, 'logits')).rejects.toThrow(Error);
  });
});

(EVERYDAY_OBJECTS === undefined ? describe.skip : describe)(
  'readLinearHead on the model that ships (skipped where it is absent)',
  () => {
    it('finds the weights of its 200 classes', async () => {
      const head = await readLinearHead(EVERYDAY_OBJECTS ?? '', 'logits');

      expect(head).toMatchObject({ input: 'features', classes: 200, features: 512 });
      expect(head?.weights).toHaveLength(200 * 512);
    });
  },
);
