import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSessionPool, InputTensor } from '../session-pool';
import { writeColourClassifier } from '../testing';
import { appendToGraph } from './append-to-graph';
import { floatTensor, graphNode, graphValue, intAttribute } from './graph-parts';
import { appendLinearHead, inspectBackboneGraph, linearHeadModel, LinearHeadParts } from './linear-head-graph';
import { decodeOnnx, encodeOnnx, OnnxDataLocation, OnnxDataType } from './onnx-protobuf';
import { readLinearHead } from './read-linear-head';

const BACKBONE = resolve('../shared/models/backbone.onnx');

/** Two classes of three features. */
const HEAD: LinearHeadParts = {
  classes: 2,
  dimension: 3,
  weights: Float32Array.of(1, 2, 3, -1, 0.5, 0),
  bias: Float32Array.of(10, 20),
  prototypes: { means: Float32Array.of(0, 0, 0, 4, 4, 4), variance: Float32Array.of(1, 4, 16) },
};

describe('a linear head as ONNX', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'linear-head-graph-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(model: Uint8Array, feeds: Record<string, InputTensor>, outputs: string[]) {
    const modelPath = join(folder, 'run.onnx');
    await writeFile(modelPath, model);
    const pool = await createSessionPool({ modelPath, workers: 1, maxQueue: 1 });
    try {
      const answer = await pool.run({ feeds, outputs });
      return Object.fromEntries(Object.entries(answer.outputs).map(([name, { dims, data }]) => [name, { dims, data }]));
    } finally {
      await pool.close();
    }
  }
  const features = (...data: number[]): InputTensor => ({
    type: 'float32',
    dims: [data.length / 3, 3],
    data: Float32Array.from(data),
  });

  it('gives logits, and the distance to the nearest class in variances per feature', async () => {
    const answer = await run(await linearHeadModel(HEAD), { features: features(1, 2, 4, 4, 4, 8) }, [
      'logits',
      'out_of_set',
    ]);

    expect(answer['logits']).toEqual({ dims: [2, 2], data: Float32Array.of(27, 20, 46, 18) });
    expect(answer['out_of_set']?.dims).toEqual([2]);
    expect(answer['out_of_set']?.data[0]).toBeCloseTo((1 + 1 + 1) / 3, 5); // to class 0: 1 / 1, 4 / 4, 16 / 16
    expect(answer['out_of_set']?.data[1]).toBeCloseTo((0 + 0 + 1) / 3, 5); // to class 1: 16 / 16
  });

  /** Negates three numbers. */
  const negation = (output: string, version = 17) =>
    encodeOnnx({
      irVersion: 8,
      producerName: 'test',
      opsetImport: [{ domain: '', version }],
      graph: {
        name: 'backbone',
        node: [graphNode('Neg', ['image'], output)],
        initializer: [],
        input: [graphValue('image', OnnxDataType.float32, ['n', 3])],
        output: [graphValue(output, OnnxDataType.float32, ['n', 3])],
      },
    });

  it.each([13, 17, 18, 21])('is appended to a backbone of opset %i', async (version) => {
    const backbone = await negation('features', version);

    const whole = await appendLinearHead(backbone, HEAD);

    const answer = await run(whole, { image: features(-1, -2, -4) }, ['logits', 'out_of_set', 'features']);
    expect([...(answer['logits']?.data ?? [])]).toEqual([27, 20]);
    expect(answer['out_of_set']?.data[0]).toBeCloseTo(1, 5);
    expect([...(answer['features']?.data ?? [])]).toEqual([1, 2, 4]);
    await writeFile(join(folder, 'model.onnx'), whole);
    const { prototypes, ...parts } = HEAD;
    const { dimension, ...head } = { ...parts, features: parts.dimension, input: 'features' };
    expect(await readLinearHead(join(folder, 'model.onnx'), 'logits')).toEqual(head);
    expect((await decodeOnnx(whole)).opsetImport).toEqual([{ version }]);
  });

  it('is appended to features of another name, which become `features` too', async () => {
    const backbone = await negation('embedding');

    const whole = await appendLinearHead(backbone, HEAD, 'embedding');

    const answer = await run(whole, { image: features(-1, -2, -4) }, ['logits', 'features', 'embedding']);
    expect([...(answer['logits']?.data ?? [])]).toEqual([27, 20]);
    expect(answer['features']).toEqual(answer['embedding']);
    await writeFile(join(folder, 'model.onnx'), whole);
    expect(await readLinearHead(join(folder, 'model.onnx'), 'logits')).toMatchObject({ input: 'features' });
  });

  it('says how many features a backbone declares', async () => {
    expect(await inspectBackboneGraph(await negation('embedding'), 'embedding')).toEqual({ opset: 17, dimension: 3 });
  });

  it('has no out_of_set without prototypes', async () => {
    const { prototypes, ...plain } = HEAD;

    const { graph } = await decodeOnnx(await linearHeadModel(plain));

    expect(graph.output.map(({ name }) => name)).toEqual(['logits']);
  });

  it('refuses a backbone without features, with others, and one that has a head already', async () => {
    const path = join(folder, 'colours.onnx');
    await writeColourClassifier(path, { explains: false });
    await expect(appendLinearHead(await readFile(path), HEAD)).rejects.toThrow(
      'the backbone gives no output "features"',
    );

    await writeColourClassifier(path);
    await expect(appendLinearHead(await readFile(path), HEAD)).rejects.toThrow('a value named "logits" already');
    await expect(appendLinearHead(await negation('features'), { ...HEAD, dimension: 4 })).rejects.toThrow(
      'the backbone\'s "features" have the shape [n, 3], and the head takes [n, 4]',
    );
  });

  it('refuses a backbone whose weights lie in another file: the package would lack them', async () => {
    const { graph, ...model } = await decodeOnnx(await negation('features'));
    const elsewhere = {
      name: 'weights',
      dims: [1],
      dataType: OnnxDataType.float32,
      dataLocation: OnnxDataLocation.external,
      externalData: [{ key: 'location', value: 'backbone.onnx.data' }],
    };
    const backbone = await encodeOnnx({ ...model, graph: { ...graph, initializer: [elsewhere] } });

    await expect(inspectBackboneGraph(backbone)).rejects.toThrow('keeps weights in another file; save it as one file');
  });
});

describe('appendToGraph', () => {
  it('keeps every byte of the model, those of unknown fields too', async () => {
    // ModelProto: ir_version (1) = 8, graph (7) of 3 unknown bytes (field 200, varint 5), unknown field 300 = 7.
    const graph = [0xc0, 0x0c, 5];
    const model = Uint8Array.from([8, 8, 0x3a, graph.length, ...graph, 0xe0, 0x12, 7]);
    const addition = {
      node: [graphNode('Softmax', ['x'], 'y', [intAttribute('axis', 1)])],
      initializer: [floatTensor('w', [1], [0.5])],
      output: [graphValue('y', OnnxDataType.float32, ['n'])],
    };

    const bytes = Buffer.from(await appendToGraph(model, addition));

    expect(bytes.includes(Buffer.from(graph))).toBe(true);
    expect(bytes.subarray(0, 5)).toEqual(Buffer.from([8, 8, 0xe0, 0x12, 7]));
    expect((await decodeOnnx(bytes)).graph).toMatchObject({ node: [{ opType: 'Softmax' }], output: [{ name: 'y' }] });
  });

  it('refuses bytes that are no model', async () => {
    const nothing = { node: [], initializer: [], output: [] };

    await expect(appendToGraph(Uint8Array.of(8, 8), nothing)).rejects.toThrow('the model has no graph');
    await expect(appendToGraph(Buffer.from('this is not a model'), nothing)).rejects.toThrow(Error);
  });
});

(existsSync(BACKBONE) ? describe : describe.skip)(
  'a linear head on the backbone that ships (skipped where it is absent)',
  () => {
    it('leaves the backbone as it is: same features and map; logits are W x features + b', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'whole-model-'));
      const wholePath = join(folder, 'model.onnx');
      const [classes, dimension, size] = [3, 512, 96];
      const value = (at: number) => Math.sin(at * 12.9898) / 4;
      const weights = Float32Array.from({ length: classes * dimension }, (_, at) => value(at));
      const bias = Float32Array.of(1, 2, 3);
      await writeFile(
        wholePath,
        await appendLinearHead(await readFile(BACKBONE), { classes, dimension, weights, bias }),
      );
      const image = () => ({
        type: 'uint8' as const,
        dims: [1, size, size, 3],
        data: Uint8Array.from({ length: size * size * 3 }, (_, at) => Math.floor(128 + 400 * value(at)) & 255),
      });
      const [whole, backbone] = await Promise.all(
        [wholePath, BACKBONE].map((modelPath) => createSessionPool({ modelPath, workers: 1, maxQueue: 1 })),
      );
      try {
        const before = await backbone?.run({ feeds: { image: image() }, outputs: ['features', 'feature_map'] });
        const after = await whole?.run({ feeds: { image: image() }, outputs: ['logits', 'features', 'feature_map'] });

        const features = before?.outputs['features']?.data ?? new Float32Array();
        expect(after?.outputs).toMatchObject(before?.outputs ?? {});
        for (let index = 0; index < classes; index += 1) {
          const expected = features.reduce((sum, f, at) => sum + f * (weights[index * dimension + at] ?? 0), index + 1);
          expect(Math.abs((after?.outputs['logits']?.data[index] ?? NaN) - expected)).toBeLessThan(1e-4);
        }
        expect(await readLinearHead(wholePath, 'logits')).toEqual({
          input: 'features',
          classes,
          features: dimension,
          weights,
          bias,
        });
      } finally {
        await Promise.all([whole?.close(), backbone?.close()]);
        rmSync(folder, { recursive: true });
      }
    });
  },
);
