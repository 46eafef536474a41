// The frozen network from which training learns.
import { ModelInput } from '@app/contracts/sagemaker';
import { createSessionPool, InputTensor, ModelLoadError, OutputTensor, RunFailedError, SessionPool } from '@app/onnx';
import { join } from 'node:path';

/** Any ONNX graph that turns one image into a row of features. */
export interface Backbone {
  readonly path: string;
  /** How the graph takes an image; becomes the input of the model that is trained on it. */
  readonly input: ModelInput;
  /** Name of the output of shape `[n, d]` or `[n]`, float32; default `features`. Of several, a row holds one after another. */
  readonly output?: string | readonly string[];
}

/** One that a head is put on: it sees a single output. */
export interface TrainableBackbone extends Backbone {
  readonly output?: string;
}

/** Ships with the product; for its figures see the README beside it. The path is relative to the product's folder. */
export const DEFAULT_BACKBONE: TrainableBackbone = {
  path: join('models', 'backbones', 'default', 'backbone.onnx'),
  input: { type: 'uint8', size: 128, resize: 'shorter-side-crop' },
};

/** The backbone cannot be used; the message is a sentence for whoever chose it. */
export class BackboneError extends Error {
  readonly code = 'bad-backbone';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`The backbone ${path} cannot be used: ${problem}.`, options);
    this.name = 'BackboneError';
  }
}

/** A backbone in worker threads. */
export class RunningBackbone {
  private constructor(
    private readonly backbone: Backbone,
    private readonly pool: SessionPool,
  ) {}

  /** `maxQueue`: see `SessionPoolOptions`. Throws `BackboneError` when the graph does not fit its description. */
  static async start(backbone: Backbone, workers: number, maxQueue: number): Promise<RunningBackbone> {
    const pool = await asBackboneError(backbone, createSessionPool({ modelPath: backbone.path, workers, maxQueue }));
    const problem = misfitOf(backbone, pool);
    if (problem === undefined) return new RunningBackbone(backbone, pool);
    await pool.close();
    throw new BackboneError(backbone.path, problem);
  }

  /** Features of one image. Throws `BackboneError`, and what else `SessionPool.run` throws. */
  async features(tensor: InputTensor): Promise<Float32Array> {
    const names = outputNames(this.backbone);
    const run = this.pool.run({ feeds: { [inputName(this.backbone)]: tensor }, outputs: names });
    const { outputs } = await asBackboneError(this.backbone, run);
    return Float32Array.from(names.flatMap((name) => [...this.rowOf(name, outputs[name])]));
  }

  private rowOf(name: string, output: OutputTensor | undefined): Float32Array {
    if (output?.dims[0] !== 1 || output.dims.length > 2) {
      throw new BackboneError(this.backbone.path, `its output "${name}" is [${String(output?.dims)}], not [1, d]`);
    }
    if (!output.data.every(Number.isFinite)) {
      throw new BackboneError(this.backbone.path, `its output "${name}" has values that are no numbers`);
    }
    return output.data;
  }

  /** Finishes what runs, then ends the threads. */
  close(): Promise<void> {
    return this.pool.close();
  }
}

/** Names the input and output that are left to the default. */
export function inputName({ input }: Backbone): string {
  return input.name ?? 'image';
}

export function outputNames({ output = 'features' }: Backbone): readonly string[] {
  return typeof output === 'string' ? [output] : output;
}

function misfitOf(backbone: Backbone, { inputs, outputs }: SessionPool): string | undefined {
  const names = (values: SessionPool['inputs']) => values.map(({ name }) => `"${name}"`).join(', ');
  const { type = 'uint8', size } = backbone.input;
  const input = inputs.find(({ name }) => name === inputName(backbone));
  if (input === undefined) return `it has no input "${inputName(backbone)}", only ${names(inputs)}`;
  if (input.type !== type) return `its input "${input.name}" is ${input.type}, not ${type}`;
  const [height = size, width = size] = type === 'uint8' ? input.dims.slice(1, 3) : input.dims.slice(2, 4);
  // A free dimension is a name.
  if ([height, width].some((side) => typeof side === 'number' && side !== size)) {
    return `its input "${input.name}" takes ${height} x ${width} pixels, not ${size} x ${size}`;
  }
  const absent = outputNames(backbone).find((wanted) => !outputs.some(({ name }) => name === wanted));
  return absent === undefined ? undefined : `it has no output "${absent}", only ${names(outputs)}`;
}

async function asBackboneError<T>({ path }: Backbone, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ModelLoadError || error instanceof RunFailedError)) throw error;
    // ONNX Runtime's messages go on for many lines.
    throw new BackboneError(path, error.message.split('\n', 1)[0] ?? '', { cause: error });
  }
}
