// A plain ONNX Runtime session on the thread that opens it, fed by the product's own decoding.
import { decodeForModel, imageTensor } from '@app/imaging';
import { InputTensor } from '@app/onnx';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DEFAULT_INPUT_NAME, DEFAULT_OUTPUT_NAME } from '../../apps/model/src/model-package/model-package';
import { parseManifest } from '../../apps/model/src/model-package/parse-manifest';

export interface BareModel {
  readonly path: string;
  readonly input: string;
  readonly output: string;
  readonly manifest: ReturnType<typeof parseManifest>;
}

export function modelOf(folder: string): BareModel {
  const file = join(folder, 'model.json');
  const manifest = parseManifest(readFileSync(file, 'utf8'), file);
  return {
    path: join(folder, 'model.onnx'),
    input: manifest.input.name ?? DEFAULT_INPUT_NAME,
    output: manifest.output?.name ?? DEFAULT_OUTPUT_NAME,
    manifest,
  };
}

export async function tensorOf(image: Buffer, { manifest }: BareModel): Promise<InputTensor> {
  const { pixels } = await decodeForModel(image, manifest.input);
  return imageTensor(pixels, manifest.input);
}

export async function openSession(folder: string): Promise<{ classify: (image: Buffer) => Promise<void> }> {
  const model = modelOf(folder);
  const session = await InferenceSession.create(model.path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return {
    async classify(image) {
      const { type, data, dims } = await tensorOf(image, model);
      const tensor = type === 'uint8' ? new Tensor(type, data, dims) : new Tensor(type, data, dims);
      await session.run({ [model.input]: tensor }, [model.output]);
    },
  };
}
