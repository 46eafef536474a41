// The backbone that a job learns on: the one that ships, or the one of the channel. Proves that a head can be put on it before
// anything is computed.
import { BackboneError, DEFAULT_BACKBONE, isSystemError, TrainableBackbone } from '@app/learning';
import { inspectBackboneGraph } from '@app/onnx';
import { PRODUCT_ROOT } from '@app/platform/product';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonObject, ManifestFault } from '../model-package/json-object';
import { modelInputOf } from '../model-package/parse-manifest';

export interface ChosenBackbone {
  readonly backbone: TrainableBackbone;
  readonly graph: Uint8Array;
  /** Number of features, where the graph declares it. */
  readonly dimension?: number;
  /** For the provenance of the model. */
  readonly facts: {
    readonly source: 'product' | 'channel';
    /** Of the file, in hexadecimal. */
    readonly sha256: string;
    readonly bytes: number;
  };
}

/**
 * `inputSize` is for the backbone that ships; that of the channel says its own in `backbone.json`: `{ input, output? }`, with the
 * members of `ModelInput`. Throws `BackboneError`.
 */
export async function chooseBackbone(channel: string | undefined, inputSize: number): Promise<ChosenBackbone> {
  const backbone: TrainableBackbone =
    channel === undefined
      ? {
          ...DEFAULT_BACKBONE,
          path: join(PRODUCT_ROOT, DEFAULT_BACKBONE.path),
          input: { ...DEFAULT_BACKBONE.input, size: inputSize },
        }
      : await readBackboneChannel(channel);
  const graph = await readBytes(backbone.path);
  const dimension = await inspect(backbone, graph);
  return {
    backbone,
    graph,
    ...(dimension === undefined ? {} : { dimension }),
    facts: {
      source: channel === undefined ? 'product' : 'channel',
      sha256: createHash('sha256').update(graph).digest('hex'),
      bytes: graph.length,
    },
  };
}

async function readBackboneChannel(folder: string): Promise<TrainableBackbone> {
  const file = join(folder, 'backbone.json');
  const text = (await readBytes(file)).toString('utf8');
  try {
    const json = JsonObject.parse(text);
    const input = modelInputOf(json.object('input'));
    return { path: join(folder, 'backbone.onnx'), input, ...json.optional('output', () => json.text('output')) };
  } catch (error) {
    if (error instanceof SyntaxError) throw new BackboneError(file, `it is not JSON: ${error.message}`);
    if (error instanceof ManifestFault) throw new BackboneError(file, error.message);
    throw error;
  }
}

/** Gives the number of features, where the graph declares it. */
async function inspect({ path, output }: TrainableBackbone, graph: Uint8Array): Promise<number | undefined> {
  try {
    return (await inspectBackboneGraph(graph, output)).dimension;
  } catch (error) {
    // A RangeError says what the graph lacks, also where protobuf reads beyond the end; others that it is no graph at all.
    const problem = error instanceof RangeError ? error.message : 'it is incomplete, damaged or no ONNX model';
    throw new BackboneError(path, problem, { cause: error });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new BackboneError(path, error.message, { cause: error });
  }
}
